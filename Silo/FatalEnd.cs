using Grains.Interfaces.Local;
using Orleans.Runtime;

namespace Silo;

/// <summary>
/// Handles what Orleans cannot go on after. Mostly the others have taken this silo for dead while it stood still. Then it ends at once, as
/// if somebody had killed it. Orleans would abort it, and an abort is charged to the trainings like a crash of their own making.
/// </summary>
public sealed class FatalEnd : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        // The logger's queue would no longer get it out.
        Console.Error.WriteLine($"This silo ends: {context ?? exception?.Message}");
        if (exception is not null) Environment.FailFast(context, exception);
        SuddenEnd.Now();
    }
}
