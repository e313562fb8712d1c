using System.CommandLine;
using Client.Rendering;
using Grains.Interfaces.Local;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class CheckpointCommand
{
    public static Command Create() => new("checkpoint", "The weights of trials.") { CreateExport() };

    private static Command CreateExport()
    {
        var id = Verb.Id();
        var trial = new Option<int>("--trial", "-t") { Description = "The trial's number.", Required = true, HelpName = "N" };
        var best = new Option<bool>("--best") { Description = "At the epoch with the best objective, instead of the last." };
        var retrain = new Option<bool>("--retrain") { Description = "With --best: where those weights are not kept any more, train them again, bit for bit." };
        var output = new Option<string>("--output", "-o") { Description = "The safetensors file to write.", Required = true, HelpName = "FILE" };
        var command = new Command("export", "Writes a trial's weights to a safetensors file.") { id, trial, best, retrain, output };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            string path = Path.GetFullPath(parsed.GetRequiredValue(output));
            if (parsed.GetValue(retrain)) await Retrain(connection, new TrialId(sweep, parsed.GetValue(trial)), parsed.GetValue(best), cancellationToken);
            long bytes = await Write(connection, new TrialId(sweep, parsed.GetValue(trial)), parsed.GetValue(best), path, cancellationToken);
            Output.Line($"{path}: {bytes:N0} bytes");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Demands the best weights where they are not kept, and waits until they are. The demand stays when the wait is given up.</summary>
    private static async Task Retrain(ClusterConnection connection, TrialId trial, bool best, CancellationToken cancellationToken)
    {
        if (!best) throw CommandException.BadInput("--retrain: the weights of the last epoch are kept as long as the trial is. Give --best, too.");
        for (int looks = 0; !await ClusterConnection.Ask(() => connection.Reader.HasBestWeights(trial, cancellationToken), cancellationToken); looks++)
        {
            // Asked again now and then: harmless, and a training that fails meanwhile says so.
            if (looks % 20 == 0)
            {
                int epoch = await ClusterConnection.Ask(() => connection.Sweep(trial.Sweep).TrainWeights(trial.Number, cancellationToken), cancellationToken);
                if (looks == 0) await Console.Error.WriteLineAsync($"Trial {trial.Number} is trained again up to its best epoch, {epoch}.");
            }
            await Task.Delay(250, cancellationToken);
        }
    }

    /// <summary>To a temporary name first: the file is whole or absent.</summary>
    private static async Task<long> Write(ClusterConnection connection, TrialId trial, bool best, string path, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.{Environment.ProcessId}.part";
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    await using var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
                    await foreach (byte[] piece in connection.Reader.Checkpoint(trial, best, cancellationToken))
                        await file.WriteAsync(piece, cancellationToken);
                    file.Flush(flushToDisk: true);
                    long bytes = file.Length;
                    file.Close();
                    PrivateHome.HandOver(temporary);
                    File.Move(temporary, path, overwrite: true);
                    return bytes;
                }
                catch (Exception e) when (Transient.Is(e) && attempt < 5)
                {
                    await Task.Delay(500, cancellationToken); // from the start, on another silo
                }
                catch (Exception e) when (Transient.Is(e))
                {
                    throw CommandException.NoCluster($"the cluster does not answer ({e.Message.TrimEnd('.')}). `sweep cluster status` shows its silos.");
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"{path} cannot be written: {e.Message}");
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
