using System.CommandLine;
using Client.Rendering;
using Grains.Interfaces.Model;
using Spectre.Console;

namespace Client.Commands;

internal static class CheckpointsCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "Only those of this sweep: its ID, its beginning, or `last`.", Arity = ArgumentArity.ZeroOrOne };
        var format = Verb.Format();
        var command = new Command("checkpoints", "Lists what is kept of each training, with its size; `sweep cache` prunes and verifies it.") { id, format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            SweepId? sweep = parsed.GetValue(id) is { } text ? await connection.Resolve(text, cancellationToken) : null;
            var kept = await ClusterConnection.Ask(() => connection.Cache.Kept(sweep, cancellationToken), cancellationToken);
            if (parsed.GetValue(format) == Verb.Json)
            {
                Output.Json(kept.Select(k => new
                {
                    training = k.Training.Value,
                    trials = k.Trials.Select(t => new { sweep = t.Sweep.Value, trial = t.Number }),
                    k.Bytes,
                    k.Seconds,
                    k.Needed,
                    checkpoints = k.Checkpoints.Select(c => new { c.Kind, c.Epoch, c.Bytes, weights = c.Weights.Value, optimizer = c.Optimizer?.Value }),
                }));
                return ExitCodes.Done;
            }

            var table = Output.NewTable("training", "trials", "kept", "size", "trained in", "needed");
            foreach (var k in kept)
            {
                table.AddRow(k.Training.Short, k.Trials.Length == 0 ? Words.None : $"{k.Trials[0]}{(k.Trials.Length > 1 ? $" + {k.Trials.Length - 1}" : "")}",
                    string.Join(", ", k.Checkpoints.Select(c => $"{c.Kind}@{c.Epoch}")), ByteSize.Text(k.Bytes), Words.Seconds(k.Seconds), k.Needed ? "yes" : "");
            }
            Output.Write(table);
            Output.Line($"{kept.Length} trainings, {ByteSize.Text(kept.Sum(k => k.Bytes))}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
