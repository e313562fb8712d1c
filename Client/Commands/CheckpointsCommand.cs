using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class CheckpointsCommand
{
    public static Command Create()
    {
        var id = Verb.OptionalId("Only those of this sweep: its ID, its beginning, or `last`.");
        var format = Verb.Format();
        var command = new Command("checkpoints",
            "Lists what is kept of each training, with its size; `sweep cache` prunes and verifies it.") { id, format };
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
                    checkpoints = k.Checkpoints.Select(
                        c => new { c.Kind, c.Epoch, c.Bytes, weights = c.Weights.Value, optimizer = c.Optimizer?.Value }),
                }));
                return ExitCodes.Done;
            }

            Output.Write(KeptView.Table(kept));
            Output.Line($"{kept.Length} trainings, {ByteSize.Text(kept.Sum(k => k.Bytes))}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
