using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class CacheCommand
{
    public static Command Create() =>
        new("cache", "The checkpoints that are kept so that nothing is trained twice.") { CreateStatus(), CreatePrune(), CreateVerify() };

    public static Option<long?> Size(string description) => new("--cache-size")
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = ByteSize.Parse,
    };

    private static Command CreateStatus()
    {
        var format = Verb.Format();
        var command = new Command("status", "Shows what is kept, what it took to train, and the disk budget.") { format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var s = await ClusterConnection.Ask(() => connection.Cache.Status(cancellationToken), cancellationToken);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(s);
            else
            {
                Output.Line($"{ByteSize.Text(s.Bytes)} in {s.Files} files, " +
                    $"of {(s.Size is { } size ? ByteSize.Text(size) : "any size")} allowed.");
                Output.Line($"{s.Trainings} trainings, which took {Words.Seconds(s.Seconds)}; " +
                    $"{s.Needed} of them are needed by trials that have not ended.");
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreatePrune()
    {
        var size = Size("Prune to this size once. Default: the budget of `sweep cluster up --cache-size`.");
        var format = Verb.Format();
        var command = new Command("prune",
            "Deletes checkpoints until they fit: what is cheapest to train again and longest unused goes first, " +
            "what a trial still needs never. " +
            "Results stay.") { size, format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var p = await ClusterConnection.Ask(() => connection.Cache.Prune(parsed.GetValue(size), cancellationToken), cancellationToken);
            if (p.Size is null)
                throw CommandException.BadInput("no size to prune to. Give --cache-size, " +
                    "or set a budget with `sweep cluster up --cache-size`.");
            if (parsed.GetValue(format) == Verb.Json) Output.Json(p);
            else
            {
                Output.Line($"{p.Trainings} trainings forgotten, {ByteSize.Text(p.Freed)} freed; " +
                    $"{ByteSize.Text(p.Bytes)} left of {ByteSize.Text(p.Size.Value)} allowed.");
                if (p.Bytes > p.Size)
                    Output.Line("What is left is needed by trials that have not ended, " +
                        "or was written within the last hour and not yet referred to.");
            }
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateVerify()
    {
        var format = Verb.Format();
        var command = new Command("verify", "Reads every kept checkpoint and compares it with its digest. Damaged ones are dropped, " +
            "and trained again when asked for.") { format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            int seen = 0;
            var damaged = new List<Digest>();
            string? after = "";
            while (after is not null)
            {
                string from = after;
                var part = await ClusterConnection.Ask(() => connection.Cache.Verify(from, cancellationToken), cancellationToken);
                (seen, after) = (seen + part.Checked, part.Next);
                damaged.AddRange(part.Damaged);
            }
            if (parsed.GetValue(format) == Verb.Json) Output.Json(new { @checked = seen, damaged = damaged.Select(d => d.Value) });
            else
            {
                foreach (var file in damaged) Output.Line($"{file} was damaged or missing: dropped.");
                Output.Line($"{seen} files checked, {damaged.Count} damaged.");
            }
            return ExitCodes.Done;
        });
        return command;
    }
}
