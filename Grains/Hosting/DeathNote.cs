using Grains.Leases;
using Grains.Storage.Journal;

namespace Grains.Hosting;

/// <summary>Reads the supervisor's note about a silo's end. It decides what the silo's attempts are charged with.</summary>
public static class DeathNote
{
    public static AttemptOutcome Of(string? folder, string generation)
    {
        try
        {
            if (folder is null) return AttemptOutcome.Lost;
            return File.ReadAllText(Path.Combine(folder, generation)).Split(' ')[0] switch
            {
                "crashed" => AttemptOutcome.Crashed,
                "memory" => AttemptOutcome.OutOfMemory,
                _ => AttemptOutcome.Lost,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AttemptOutcome.Lost; // no supervisor, or none on this host
        }
    }
}
