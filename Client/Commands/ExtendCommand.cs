using System.CommandLine;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class ExtendCommand
{
    public static Command Create()
    {
        var id = Verb.WholeId();
        var epochs = new Option<int?>("--epochs") { Description = "The budget that every point's longest trial gets, where it is smaller.", HelpName = "N" };
        var trials = new Option<int?>("--trials") { Description = "How many points the random sampler draws in all.", HelpName = "N" };
        var replicates = new Option<int?>("--replicates") { Description = "How many replicates of each point there are in all.", HelpName = "N" };
        var command = new Command("extend", "Gives a sweep more epochs, points or replicates; what is finished goes on from where it ended. The result equals that of a fresh, larger sweep.")
        {
            id, epochs, trials, replicates,
        };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var wanted = new SweepExtension(Positive(parsed, epochs), Positive(parsed, trials), Positive(parsed, replicates));
            if (wanted == new SweepExtension()) throw CommandException.BadInput("extend to what? Give --epochs, --trials or --replicates.");
            var sweep = await connection.ResolveWhole(parsed, id, "Extending", cancellationToken);
            var (longer, added) = await ClusterConnection.Ask(() => connection.Sweep(sweep).Extend(wanted, cancellationToken), cancellationToken);
            Output.Line((longer, added) is (0, 0) ? $"{sweep} has all that already." : $"{sweep} goes on: {Count(longer)} longer, {Count(added)} new.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static int? Positive(ParseResult parsed, Option<int?> option) =>
        parsed.GetValue(option) is < 1 and var wrong ? throw CommandException.BadInput($"{option.Name}: {wrong} is below 1.") : parsed.GetValue(option);

    private static string Count(int trials) => trials == 1 ? "1 trial" : $"{trials} trials";
}
