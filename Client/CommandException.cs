namespace Client;

/// <summary>Ends the command. The message goes to standard error as it is, and the code goes to the shell.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static CommandException BadInput(string message) => new(ExitCodes.BadInput, message);

    public static CommandException NoCluster(string message) => new(ExitCodes.NoCluster, message);

    public static CommandException NoSuchSweep(object id) =>
        BadInput($"there is no sweep {id} any more. `sweep list` shows what there is.");
}
