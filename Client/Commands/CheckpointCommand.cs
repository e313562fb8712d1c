using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class CheckpointCommand
{
    private const int MostAttempts = 8;

    public static Command Create() => new("checkpoint", "The weights of trials.") { CreateExport() };

    private static Command CreateExport()
    {
        var id = Verb.Id();
        var trial = new Option<int>("--trial", "-t") { Description = "The trial's number.", Required = true, HelpName = "N" };
        var best = new Option<bool>("--best") { Description = "At the epoch with the best objective, instead of the last." };
        var retrain = new Option<bool>("--retrain")
        {
            Description = "With --best: where those weights are not kept any more, train them again, bit for bit.",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The safetensors file to write.",
            Required = true,
            HelpName = "FILE",
        }.NotEmpty();
        var command = new Command("export",
            "Writes a trial's weights to a safetensors file, with what is needed to use them in its metadata: layers in their order, " +
            "classes, preprocessing. Of a program of one's own, a tar file of what its checkpoint held.") { id, trial, best, retrain, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // An unusable target is reported before a cluster is asked.
            using var target = OutputTarget.Open("-o", parsed.GetRequiredValue(output));
            await using var connection = await ClusterConnection.Open(SweepHome.Default(), cancellationToken);
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            var chosen = new TrialId(sweep, parsed.GetValue(trial));
            if (parsed.GetValue(retrain)) await Retrain(connection, chosen, parsed.GetValue(best), cancellationToken);
            long bytes = await target.Write(
                file => Fetch(connection, chosen, parsed.GetValue(best), file, cancellationToken), cancellationToken);
            string told = $"{target.Path}: {bytes:N0} bytes";
            if (target.IsStream) await Console.Error.WriteLineAsync(told);
            else Output.Line(told);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>
    /// Demands the best weights where they are not kept, and waits until they are. The demand stays when the wait is given up.
    /// </summary>
    private static async Task Retrain(ClusterConnection connection, TrialId trial, bool best, CancellationToken cancellationToken)
    {
        if (!best)
            throw CommandException.BadInput("--retrain: the weights of the last epoch are kept as long as the trial is. Give --best, too.");
        for (int looks = 0;
            !await ClusterConnection.Ask(() => connection.Reader.HasBestWeights(trial, cancellationToken), cancellationToken);
            looks++)
        {
            // The demand is repeated now and then. That is harmless, and it reports a training that fails meanwhile.
            if (looks % 20 == 0)
            {
                int epoch = await ClusterConnection.Ask(
                    () => connection.Sweep(trial.Sweep).TrainWeights(trial.Number, cancellationToken), cancellationToken);
                if (looks == 0) await Console.Error.WriteLineAsync($"Trial {trial.Number} is trained again up to its best epoch, {epoch}.");
            }
            await Task.Delay(250, cancellationToken);
        }
    }

    private static async Task Fetch(ClusterConnection connection, TrialId trial, bool best, Stream file,
        CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await foreach (byte[] piece in connection.Reader.Checkpoint(trial, best, cancellationToken)
                    .WithCancellation(cancellationToken))
                    await file.WriteAsync(piece, cancellationToken);
                return;
            }
            catch (Exception e) when (Transient.Is(e) && attempt < MostAttempts)
            {
                await Task.Delay(500, cancellationToken);
                // The file begins anew, because another silo sends it from the start.
                file.SetLength(0);
            }
            catch (Exception e) when (Transient.Is(e))
            {
                throw CommandException.NoCluster($"the cluster does not answer ({e.Message.TrimEnd('.')}). " +
                    "`sweep cluster status` shows its silos.");
            }
        }
    }
}
