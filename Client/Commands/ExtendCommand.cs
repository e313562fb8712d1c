using System.CommandLine;
using Client.Rendering;

namespace Client.Commands;

internal static class ExtendCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var epochs = new Option<int>("--epochs") { Required = true, Description = "The budget that every trial with a smaller one gets.", HelpName = "N" };
        var command = new Command("extend", "Trains a sweep's trials longer, finished ones from where they ended. The result equals that of a fresh, longer sweep.") { id, epochs };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            int wanted = parsed.GetRequiredValue(epochs);
            if (wanted < 1) throw CommandException.BadInput($"--epochs: {wanted} is below 1.");
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            int count = await ClusterConnection.Ask(() => connection.Sweep(sweep).Extend(wanted, cancellationToken), cancellationToken);
            Output.Line(count == 0 ? $"Every trial of {sweep} has {wanted} epochs or more." : $"{sweep} goes on to {wanted} epochs with {count} {(count == 1 ? "trial" : "trials")}.");
            return ExitCodes.Done;
        });
        return command;
    }
}
