using System.CommandLine;
using System.CommandLine.Parsing;
using Client;
using Client.Commands;
using Grains.Interfaces.Local;
using Grains.Interfaces.Model;

PrivateHome.KeepToOwner();
using var interruption = new Interruption();
var parsed = SweepCommand.Create().Parse(args.Length == 0 ? ["--help"] : args);
// A line that a shell wants completed is not yet a command.
if (!parsed.Tokens.Any(t => t.Type == TokenType.Directive) && Misunderstanding.Of(parsed) is { Count: > 0 } mistakes)
{
    foreach (string mistake in mistakes) Console.Error.WriteLine($"error: {mistake}");
    Console.Error.WriteLine("`sweep help` and `sweep help VERB` show what there is.");
    return ExitCodes.BadInput;
}
try
{
    // We handle signals and exceptions ourselves, because an interrupted demo needs longer than the library's two seconds.
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parsed.InvokeAsync(invocation, interruption.Token);
}
catch (CommandException e)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return e.ExitCode;
}
catch (SpecException e)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return ExitCodes.BadInput;
}
catch (OperationCanceledException)
{
    return ExitCodes.Interrupted;
}
catch (Exception e) when (Environment.GetEnvironmentVariable("SWEEP_DEBUG") is null)
{
    await Console.Error.WriteLineAsync($"error: unexpected {e.GetType().Name}: {e.Message} Set SWEEP_DEBUG=1 for where; " +
        "`sweep cluster logs` may tell more.");
    return ExitCodes.Unexpected;
}
