namespace Grains.Leases;

/// <summary>How a silo ended, and so what its attempts are charged with. The names are outcomes in table attempt.</summary>
public enum Death
{
    /// <summary>Killed, unreachable, gone with its host: says nothing of what it trained.</summary>
    Lost,
    /// <summary>By a signal of its own making: SIGSEGV, SIGABRT …</summary>
    Crashed,
    /// <summary>The kernel killed it for memory.</summary>
    OutOfMemory,
}

/// <summary>Reads what the supervisor has noted of a silo's end.</summary>
public static class DeathNote
{
    public static Death Of(string? folder, string generation)
    {
        try
        {
            if (folder is null) return Death.Lost;
            return File.ReadAllText(Path.Combine(folder, generation)).Split(' ')[0] switch
            {
                "crashed" => Death.Crashed,
                "memory" => Death.OutOfMemory,
                _ => Death.Lost,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Death.Lost; // no supervisor, or none on this host
        }
    }
}
