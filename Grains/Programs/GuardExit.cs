namespace Grains.Programs;

/// <summary>
/// The exit codes of a guard that speaks for itself and not for its program. The guard's last line then begins with <see cref="Voice"/>,
/// because a program may end with the same codes.
/// </summary>
public static class GuardExit
{
    /// <summary>The beginning of each sentence that the guard writes.</summary>
    public const string Voice = "guard: ";

    /// <summary>The program and what it started held more memory than they may.</summary>
    public const int OutOfMemory = 125;

    /// <summary>The program could not be started.</summary>
    public const int NotStarted = 126;

    /// <summary>The program was not found.</summary>
    public const int NotFound = 127;
}
