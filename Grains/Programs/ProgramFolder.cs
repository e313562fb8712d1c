using System.Text;
using Grains.Interfaces.Model.Files;

namespace Grains.Programs;

/// <summary>The folder of one run, with the files by which a program and its silo understand each other.</summary>
internal sealed class ProgramFolder : IDisposable
{
    private static int s_runs;

    private readonly string _path;

    /// <param name="scratch">A folder of this silo alone.</param>
    /// <param name="state">The packed checkpoint to go on from; empty for none.</param>
    public ProgramFolder(string scratch, int slot, CommandWork work, byte[] state)
    {
        _path = Path.Combine(Path.GetFullPath(scratch), $"{Environment.ProcessId}-{slot}-{Interlocked.Increment(ref s_runs)}");
        // A silo that was killed may have left a folder of this name.
        ProgramScratch.TryDelete(_path);
        try
        {
            Directory.CreateDirectory(_path);
            PackedFiles.Unpack(work.Files, Work);
            PackedFiles.Unpack(state, Checkpoint);
            File.WriteAllText(Parameters, work.ParametersJson, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.WriteAllBytes(Metrics, []);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The folder that the program runs in, with its files.</summary>
    public string Work => Path.Combine(_path, "work");

    public string Checkpoint => Path.Combine(_path, "checkpoint");

    public string Parameters => Path.Combine(_path, "parameters.json");

    public string Metrics => Path.Combine(_path, "metrics.jsonl");

    /// <summary>Watches for changes of the metrics; null where the system has no watcher to spare.</summary>
    public FileSystemWatcher? WatchMetrics(Action changed)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(_path, Path.GetFileName(Metrics))
            {
                NotifyFilter = NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.FileName,
            };
            watcher.Changed += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException)
        {
            // Each user may have so many and no more. The reader looks every second in any case.
            watcher?.Dispose();
            return null;
        }
    }

    public void Dispose() => ProgramScratch.TryDelete(_path);
}
