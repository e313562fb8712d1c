using System.CommandLine;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class VerifyCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var trials = new Option<int[]>("--trials") { Description = "Numbers of trials. Default: all that have an epoch.", HelpName = "N", AllowMultipleArgumentsPerToken = true };
        var command = new Command("verify", "Trains trials again, alone, from their initial checkpoint, and compares every epoch bit by bit with what is recorded.") { id, trials };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            var chosen = parsed.GetValue(trials) is { Length: > 0 } given ? given
                : [.. (await ClusterConnection.Ask(() => connection.Reader.Trials(sweep, cancellationToken), cancellationToken)).Where(t => t.Epoch > 0).Select(t => t.Number)];
            int wrong = 0;
            foreach (int trial in chosen)
            {
                if (!await Verify(connection, new TrialId(sweep, trial), cancellationToken)) wrong++;
            }
            Output.Line(wrong == 0 ? $"{chosen.Length} of {chosen.Length} trials repeat bit by bit." : $"{wrong} of {chosen.Length} trials do not repeat.");
            return wrong == 0 ? ExitCodes.Done : ExitCodes.Unwell;
        });
        return command;
    }

    private static async Task<bool> Verify(ClusterConnection connection, TrialId trial, CancellationToken cancellationToken)
    {
        int epochs = 0;
        await foreach (var epoch in connection.Verifier.Verify(trial, cancellationToken).WithCancellation(cancellationToken))
        {
            if (epoch.Difference is { } difference)
            {
                Output.Line($"trial {trial.Number}: differs first at epoch {epoch.Epoch}: {difference}.");
                Output.Line($"  recorded in environment {epoch.Recorded}, repeated in {epoch.Fingerprint}{(epoch.Recorded == epoch.Fingerprint ? ": the same" : "")}.");
                return false;
            }
            epochs = Math.Max(epochs, epoch.Epoch);
        }
        Output.Line($"trial {trial.Number}: {epochs} epochs are the same.");
        return true;
    }
}
