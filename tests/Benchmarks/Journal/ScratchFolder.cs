namespace Benchmarks.Journal;

/// <summary>A folder that goes with the run.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sweep-journal-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
