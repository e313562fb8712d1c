using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Randomness;

namespace Client.Commands;

internal static class VerifyCommand
{
    private const int Attempts = 3;

    public static Command Create()
    {
        var id = Verb.Id();
        var trials = new Option<int?>("--trials")
        {
            Description = "How many trials, drawn by --seed. Default: all that have an epoch.",
            HelpName = "K",
        };
        var seed = new Option<long>("--seed")
        {
            Description = "Draws the trials. Default: 1.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var trial = new Option<int[]>("--trial", "-t") { Description = "This trial; again for more.", HelpName = "N" };
        var command = new Command("verify", "Trains trials again, alone, from their initial checkpoint, " +
            "and compares every epoch bit by bit with what is recorded.") { id, trials, seed, trial };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            if (parsed.GetValue(trials) is < 1 and var none) throw CommandException.BadInput($"--trials: {none} is below 1.");
            var chosen = parsed.GetValue(trial) is { Length: > 0 } given ? given
                : Draw([.. (await ClusterConnection.Ask(() => connection.Reader.Trials(sweep, cancellationToken), cancellationToken))
                    .Where(t => t.Epoch > 0).Select(t => t.Number)],
                    parsed.GetValue(trials), parsed.GetValue(seed));
            int wrong = 0;
            foreach (int number in chosen)
            {
                if (!await Verify(connection, new TrialId(sweep, number), cancellationToken)) wrong++;
            }
            Output.Line(wrong == 0
                ? $"{chosen.Length} of {chosen.Length} trials repeat bit by bit."
                : $"{wrong} of {chosen.Length} trials do not repeat.");
            return wrong == 0 ? ExitCodes.Done : ExitCodes.Unwell;
        });
        return command;
    }

    private static int[] Draw(int[] numbers, int? count, long seed) => count is not { } k || k >= numbers.Length ? numbers
        : [.. KeyedStream.Of(seed, 0, "verify").Permutation(numbers.Length).Take(k).Select(i => numbers[i]).Order()];

    /// <summary>Verifies a trial. Where the silo that trains is lost, or too busy to be heard, another begins anew.</summary>
    private static async Task<bool> Verify(ClusterConnection connection, TrialId trial, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await VerifyOnce(connection, trial, cancellationToken);
            }
            catch (Exception e) when (Transient.Is(e) && attempt < Attempts)
            {
                Output.Warning($"trial {trial.Number}: the silo that trained it does not answer ({e.GetType().Name}); it is trained anew");
            }
        }
    }

    private static async Task<bool> VerifyOnce(ClusterConnection connection, TrialId trial, CancellationToken cancellationToken)
    {
        int epochs = 0;
        await foreach (var epoch in connection.Verifier.Verify(trial, cancellationToken).WithCancellation(cancellationToken))
        {
            if (epoch.Difference is { } difference)
            {
                Output.Line($"trial {trial.Number}: differs first at epoch {epoch.Epoch}: {difference}.");
                Output.Line($"  recorded in environment {epoch.Recorded}, " +
                    $"repeated in {epoch.Fingerprint}{(epoch.Recorded == epoch.Fingerprint ? ": the same" : "")}.");
                return false;
            }
            epochs = Math.Max(epochs, epoch.Epoch);
        }
        Output.Line($"trial {trial.Number}: {epochs} epochs are the same.");
        return true;
    }
}
