using System.CommandLine;
using Client.Rendering;

namespace Client.Commands;

internal static class RetryCommand
{
    public static Command Create()
    {
        var id = Verb.WholeId();
        var trial = new Option<int?>("--trial") { Description = "Only this trial. Default: all that failed.", HelpName = "N" };
        var command = new Command("retry", "Trains failed trials again, each from its last checkpoint.") { id, trial };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.ResolveWhole(parsed, id, "Retrying", cancellationToken);
            // A second request finds no failed trial and changes nothing, so a repeat after a lost answer is harmless.
            int count = await connection.Sweep(sweep).Retry(parsed.GetValue(trial), cancellationToken);
            Output.Line(count == 0
                ? $"{sweep} has no failed trial."
                : $"{sweep} goes on with {count} failed {(count == 1 ? "trial" : "trials")}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
