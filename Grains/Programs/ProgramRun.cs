using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Grains.Interfaces.Model;
using Grains.Training;

namespace Grains.Programs;

/// <summary>One start of a program, from a state up to an epoch, behind a guard. It is not safe for two threads.</summary>
internal sealed class ProgramRun : IDisposable
{
    /// <summary>The time that a guard may take to kill and bury what it guards. A process that the kernel holds cannot be killed.</summary>
    private static readonly TimeSpan Burial = TimeSpan.FromSeconds(10);

    private readonly ProgramFolder _folder;
    private readonly ProgramLog _log;
    private readonly Process _guard;
    private readonly Thread _copying;
    private readonly FileSystemWatcher? _watcher;
    private readonly AutoResetEvent _news = new(initialState: false);
    private bool _isKilled;

    /// <param name="target">The epoch up to which the program trains.</param>
    /// <param name="now">The time that the log gives.</param>
    /// <exception cref="SpecException">The files or the state cannot be unpacked.</exception>
    /// <exception cref="ProgramFailedException">There is no guard.</exception>
    public ProgramRun(CommandWork work, CommandHost host, TrainingState start, int target, DateTimeOffset now)
    {
        (Work, Host, Target) = (work, host, target);
        _folder = new ProgramFolder(host.Scratch, host.Slot, work, start.Weights);
        _log = new ProgramLog(host.LogFile, string.Create(CultureInfo.InvariantCulture,
            $"{now.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, slot {host.Slot}: from epoch {start.Epoch} up to epoch {target}"));
        Metrics = new MetricsFile(_folder.Metrics);
        _watcher = _folder.WatchMetrics(Look);
        _guard = new Process { StartInfo = StartInfo(start.Epoch), EnableRaisingEvents = true };
        _guard.Exited += (_, _) => Look();
        try
        {
            _guard.Start();
        }
        catch (Win32Exception e)
        {
            _watcher?.Dispose();
            _log.Dispose();
            _folder.Dispose();
            throw new ProgramFailedException(FailureClass.Error,
                $"The guard of programs, {host.Guard}, cannot be started: {e.Message}. Install the silo anew.");
        }
        _copying = new Thread(() => _log.Copy(_guard.StandardOutput.BaseStream)) { IsBackground = true, Name = "program log" };
        _copying.Start();
    }

    public CommandWork Work { get; }

    public CommandHost Host { get; }

    /// <summary>The epoch up to which the program trains.</summary>
    public int Target { get; }

    public MetricsFile Metrics { get; }

    /// <summary>The folder of the program's checkpoint.</summary>
    public string Checkpoint => _folder.Checkpoint;

    public bool HasEnded => _guard.HasExited;

    /// <summary>The last lines that the program printed, and where the rest of them is.</summary>
    public string Quoted => _log.Quoted();

    /// <summary>The guard's exit code, and whether the guard speaks for itself. The program must have ended.</summary>
    public (int Code, bool IsGuards) Exit
    {
        get
        {
            // All that was printed is in the pipe by now.
            _copying.Join(Burial);
            return (_guard.ExitCode, _log.LastLines() is [.., var last] && last.StartsWith(GuardExit.Voice, StringComparison.Ordinal));
        }
    }

    /// <summary>Waits until there may be more to read, or the program has ended.</summary>
    /// <exception cref="OperationCanceledException"/>
    public void WaitForNews(TimeSpan atMost, CancellationToken ct)
    {
        WaitHandle.WaitAny([_news, ct.WaitHandle], atMost);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Asks the program to end, and kills it with all that it started when it has not ended in time.</summary>
    public void Stop(TimeSpan grace)
    {
        if (_isKilled) return;
        try
        {
            _guard.StandardInput.BaseStream.Write("t"u8);
            _guard.StandardInput.BaseStream.Flush();
            _guard.WaitForExit(grace);
        }
        catch (IOException)
        {
            // It has ended already.
        }
        Kill();
    }

    /// <summary>Kills the program and all that it started.</summary>
    private void Kill()
    {
        if (_isKilled) return;
        _isKilled = true;
        try
        {
            _guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard has ended already.
        }
        _guard.WaitForExit(Burial);
        _copying.Join(Burial);
    }

    public void Dispose()
    {
        Kill();
        _watcher?.Dispose();
        _folder.Dispose();
        _log.Dispose();
        // A late event may still set the news. Its finalizer takes it.
        _guard.Dispose();
    }

    private void Look() => _news.Set();

    private ProcessStartInfo StartInfo(int from)
    {
        // The program that runs this silo runs its guards, too, and need not be on the PATH.
        string dotnet = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        string[] guard = Host.Guard.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? [dotnet, Host.Guard] : [Host.Guard];
        string memory = Host.Memory.ToString(CultureInfo.InvariantCulture);
        var info = new ProcessStartInfo(guard[0], [.. guard[1..], "guard", "--memory", memory, "--", .. Work.Run])
        {
            WorkingDirectory = _folder.Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // The silo's own settings, with the password of its database among them, are nothing to the program.
        foreach (string name in info.Environment.Keys.Where(k => k.StartsWith("SWEEP_", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        Set("PARAMETERS", _folder.Parameters);
        Set("METRICS", _folder.Metrics);
        Set("CHECKPOINT", _folder.Checkpoint);
        Set("EPOCHS", Target);
        Set("FROM_EPOCH", from);
        Set("SEED", Work.Seed);
        Set("REPLICATE", Work.Replicate);
        Set("SLOT", Host.Slot);
        info.Environment.TryAdd("OMP_NUM_THREADS", "1");
        return info;

        void Set(string name, object value) =>
            info.Environment[$"SWEEP_{name}"] = Convert.ToString(value, CultureInfo.InvariantCulture);
    }
}
