using System.CommandLine;
using System.Diagnostics;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

internal static class ExtendCommand
{
    public static Command Create()
    {
        var id = Verb.WholeId();
        var epochs = new Option<int?>("--epochs")
        {
            Description = "The budget that every point's longest trial gets, where it is smaller.",
            HelpName = "N",
        };
        var trials = new Option<int?>("--trials")
        {
            Description = "How many points the search proposes in all, beside those that the file spells out.",
            HelpName = "N",
        };
        var replicates = new Option<int?>("--replicates")
        {
            Description = "How many replicates of each point there are in all.",
            HelpName = "N",
        };
        var key = new Option<string?>("--key")
        {
            Description = "Names this request: asked again with the same key, it changes nothing and is answered alike.",
            HelpName = "KEY",
        }.NotEmpty();
        var command = new Command("extend", "Gives a sweep more epochs, points or replicates; " +
            "what is finished goes on from where it ended. The result equals that of a fresh, larger sweep.")
        {
            id, epochs, trials, replicates, key,
        };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var wanted = new SweepExtension(Positive(parsed, epochs), Positive(parsed, trials), Positive(parsed, replicates));
            if (wanted == new SweepExtension()) throw CommandException.BadInput("extend to what? Give --epochs, --trials or --replicates.");
            SweepPlanner.RequireLimits(wanted);
            var sweep = await connection.ResolveWhole(parsed, id, "Extending", cancellationToken);
            // We make up a key where none is given, so that a repeat after a lost answer gets the answer of the first request.
            string name = parsed.GetValue(key) ?? Guid.NewGuid().ToString("N");
            var (longer, added) = await ClusterConnection.Ask(
                () => connection.Sweep(sweep).Extend(wanted, name, cancellationToken), cancellationToken);
            if ((longer, added) is (0, 0)) Output.Line($"{sweep} has all that already.");
            else if (await WaitUntilExtended(connection, sweep, name, cancellationToken))
                Output.Line($"{sweep} goes on: {Count(longer)} longer, {Count(added)} new.");
            else Output.Line($"{sweep} is being extended: {Count(longer)} longer, {Count(added)} new, once its data are read. " +
                $"`sweep status {sweep}` shows what became of it.");
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Waits until the new trials are prepared, as at submission. Returns false when that takes longer than we wait.</summary>
    /// <exception cref="CommandException">The sweep cannot be extended so.</exception>
    private static async Task<bool> WaitUntilExtended(ClusterConnection connection, SweepId sweep, string key,
        CancellationToken cancellationToken)
    {
        for (long begin = Stopwatch.GetTimestamp();
            Stopwatch.GetElapsedTime(begin) < Submission.PreparationPatience;
            await Task.Delay(100, cancellationToken))
        {
            var progress = await ClusterConnection.Ask(() => connection.Reader.Extension(sweep, key, cancellationToken), cancellationToken);
            if (progress?.Refusal is { } refusal) throw CommandException.BadInput(refusal);
            if (progress is null) throw CommandException.NoSuchSweep(sweep);
            if (progress.Done) return true;
        }
        return false;
    }

    private static int? Positive(ParseResult parsed, Option<int?> option) =>
        parsed.GetValue(option) is < 1 and var wrong
            ? throw CommandException.BadInput($"{option.Name}: {wrong} is below 1.")
            : parsed.GetValue(option);

    private static string Count(int trials) => trials == 1 ? "1 trial" : $"{trials} trials";
}
