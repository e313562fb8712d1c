using System.Globalization;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;
using Grains.Interfaces.Model.Metrics;
using Grains.Training;

namespace Grains.Programs;

/// <summary>
/// Trains by a program in any language. The program trains on while its epochs are taken one by one. It is started when an epoch is asked
/// for that no running program will reach, from the last state. Its state is at hand where it said so, and at the epoch that it was
/// started for. An epoch asked for later may lie before that one: the program then begins anew only if its state is at hand just there, and
/// else trains on to where it was told to. It is not safe for two threads.
/// </summary>
/// <param name="start">The state to go on from; its weights are a package of <see cref="PackedFiles"/>, or nothing at epoch 0.</param>
public sealed class CommandLoop(CommandWork work, CommandHost host, TrainingState start) : IEpochLoop
{
    /// <summary>The longest time between two looks at the metrics, should the system not tell of a change.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The time between the loss of a checkpoint and the report of the one that replaces it.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(5);

    private TrainingState _state = start;
    private readonly HashSet<string> _named = [];
    private ProgramRun? _run;
    private long _before;
    private int _reported;
    private bool _isOver;

    public int Epoch { get; private set; } = start.Epoch;

    /// <inheritdoc/>
    public bool HasState => _state.Epoch == Epoch;

    /// <inheritdoc/>
    /// <exception cref="ProgramFailedException">The program failed, or it broke the protocol.</exception>
    /// <exception cref="SpecException">The files or the state cannot be unpacked.</exception>
    public Measurement TrainEpoch(int until, TimeProvider clock, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until, Epoch);
        if (_isOver) throw new InvalidOperationException("This program was stopped or has failed. Start a new one from the last state.");
        _isOver = true;
        try
        {
            ct.ThrowIfCancellationRequested();
            if (_run is not null && until < _run.Target && HasState) End(host.Grace);
            if (_run is null)
            {
                _before = clock.GetTimestamp();
                var from = Beginning();
                _reported = from.Epoch;
                _run = new ProgramRun(work, host, from, until, clock.GetUtcNow());
            }
            var measurement = Take(_run, clock, ct);
            _isOver = false;
            return measurement;
        }
        catch (OperationCanceledException)
        {
            End(host.Grace);
            throw;
        }
        catch (MetricsMistakeException e)
        {
            throw Failed(FailureClass.Invalid, e.Message);
        }
        finally
        {
            if (_isOver) End(TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public TrainingState Save() => HasState ? _state
        : throw new InvalidOperationException($"The program has not said what its state at epoch {Epoch} is.");

    /// <inheritdoc/>
    public byte[] SaveWeights() => Save().Weights;

    public void Dispose()
    {
        _isOver = true;
        End(TimeSpan.Zero);
    }

    /// <summary>
    /// The state that a program starts from. One that leaves nothing behind starts from its beginning each time, and reports the known epochs
    /// once more.
    /// </summary>
    /// <exception cref="SpecException">The known epochs would come to other numbers.</exception>
    private TrainingState Beginning()
    {
        if (_state.Weights.Length > 0 || _state.Epoch == 0) return _state;
        return work.Repeatable ? new TrainingState(0, [], null) : throw new SpecException(
            $"The program left nothing in $SWEEP_CHECKPOINT at epoch {_state.Epoch} to go on from, and does not promise the same numbers again " +
            "(program.repeatable). Submit a sweep with more epochs, or save a state.");
    }

    private Measurement Take(ProgramRun run, TimeProvider clock, CancellationToken ct)
    {
        while (_reported < Epoch)
        {
            MetricsLine.Read(Next(run, _reported + 1, clock, ct), work.Metrics, _reported + 1);
            _reported++;
        }

        int epoch = Epoch + 1;
        var line = MetricsLine.Read(Next(run, epoch, clock, ct), work.Metrics, epoch);
        _reported = epoch;
        byte[]? state = null;
        if (line.Checkpoint is { } name)
        {
            state = Pack(run, name, clock, ct);
            _named.Add(name);
        }
        long now = clock.GetTimestamp();
        double seconds = clock.GetElapsedTime(_before, now).TotalSeconds;
        _before = now;
        if (epoch == run.Target)
        {
            WaitForEnd(run, epoch, clock, ct);
            state ??= PackUnnamed(run.Checkpoint);
            End(TimeSpan.Zero);
        }
        Epoch = epoch;
        if (state is not null) _state = new TrainingState(epoch, state, []);
        return new Measurement { Epoch = epoch, Values = line.Values, Seconds = seconds };
    }

    /// <summary>Waits for the line of an epoch.</summary>
    private string Next(ProgramRun run, int epoch, TimeProvider clock, CancellationToken ct)
    {
        long began = clock.GetTimestamp();
        while (true)
        {
            // The end comes first, so that all that was written before it is seen.
            bool ended = run.HasEnded;
            if (run.Metrics.Next(finished: ended && run.Exit.Code == 0) is { } found) return found;
            if (ended) throw EndedEarly(run, epoch);
            Wait(run, clock, began, $"epoch {epoch}", ct);
        }
    }

    private void WaitForEnd(ProgramRun run, int epoch, TimeProvider clock, CancellationToken ct)
    {
        long began = clock.GetTimestamp();
        bool ended;
        do
        {
            ended = run.HasEnded;
            if (run.Metrics.Next(finished: ended && run.Exit.Code == 0) is not null)
            {
                throw new MetricsMistakeException($"The program reported more than epoch {epoch}, the last that it was to train. " +
                    "End with exit code 0 when epoch $SWEEP_EPOCHS is reported.");
            }
            if (!ended) Wait(run, clock, began, $"the end after epoch {epoch}, the last one,", ct);
        }
        while (!ended);
        if (run.Exit.Code != 0) throw EndedEarly(run, epoch);
    }

    private void Wait(ProgramRun run, TimeProvider clock, long began, string what, CancellationToken ct)
    {
        if (work.Timeout is not { } timeout)
        {
            run.WaitForNews(Look, ct);
            return;
        }
        var left = timeout - clock.GetElapsedTime(began);
        if (left > TimeSpan.Zero)
        {
            run.WaitForNews(left < Look ? left : Look, ct);
            return;
        }
        run.Stop(host.Grace);
        throw Failed(FailureClass.Error,
            $"{what} took longer than {Words(timeout)} (program.timeout). Give it more time, or let an epoch be less work.");
    }

    /// <summary>
    /// Packs the subfolder that a line named; null when a program that is ahead has replaced it by that of a later line.
    /// </summary>
    private static byte[]? Pack(ProgramRun run, string name, TimeProvider clock, CancellationToken ct)
    {
        string path = Path.Combine(run.Checkpoint, name);
        if (name is "" or "." or ".." || name.Contains('/') || name.Contains(Path.DirectorySeparatorChar) || name.Contains('\0')
            || FileLook.At(path, follow: false) is { Kind: not (FileKind.Folder or FileKind.Missing) })
        {
            throw new MetricsMistakeException($"The checkpoint '{name.Replace('\0', '?')}' is no subfolder of $SWEEP_CHECKPOINT. " +
                "Make one there, fill it, and give its name alone.");
        }
        try
        {
            return FileLook.At(path).Kind == FileKind.Folder ? PackAll(path)
                : throw new MetricsMistakeException($"The checkpoint '{name}' is not there. " +
                    "Make a subfolder of $SWEEP_CHECKPOINT, fill it, and name it only then.");
        }
        catch (MetricsMistakeException)
        {
            // A program deletes the checkpoint before, and only then reports the next one.
            long began = clock.GetTimestamp();
            while (!run.Metrics.HasMore)
            {
                if (run.HasEnded || clock.GetElapsedTime(began) > Lag) throw;
                run.WaitForNews(Look, ct);
            }
            return null;
        }
    }

    /// <summary>
    /// Packs what a program has left that has ended. The subfolders that it named are states of earlier epochs: which of them are there depends
    /// on where it was interrupted.
    /// </summary>
    private byte[] PackUnnamed(string folder)
    {
        foreach (string name in _named)
            if (Directory.Exists(Path.Combine(folder, name))) Directory.Delete(Path.Combine(folder, name), recursive: true);
        return PackAll(folder);
    }

    private static byte[] PackAll(string folder)
    {
        try
        {
            return PackedFiles.PackAll(folder);
        }
        catch (SpecException e)
        {
            throw new MetricsMistakeException(e.Message);
        }
    }

    private ProgramFailedException EndedEarly(ProgramRun run, int epoch)
    {
        string program = work.Run[0];
        return run.Exit switch
        {
            (GuardExit.OutOfMemory, true) => Failed(FailureClass.OutOfMemory,
                $"The program and what it started held more than {host.Memory} bytes of memory, which is the share of its slot. " +
                "Let it hold less, or run fewer slots."),
            (GuardExit.NotFound, true) => Failed(FailureClass.Error,
                $"run: {program} was not found on this silo, or what its first line names. " +
                "Install it on every silo, or give it among program.files and name it ./NAME."),
            (GuardExit.NotStarted, true) => Failed(FailureClass.Error,
                $"run: {program} could not be started. Make it an executable file for this system (chmod +x)."),
            (0, _) => Failed(FailureClass.Error,
                $"The program ended with exit code 0, but has not reported epoch {epoch} of {run.Target}. " +
                "Train up to epoch $SWEEP_EPOCHS, and append a line for each epoch to $SWEEP_METRICS."),
            var (code, _) => Failed(FailureClass.Error,
                $"The program ended with exit code {code}{Signal(code)} at epoch {epoch}, and 0 says that all went well. " +
                "Mend the program, and try again from the last checkpoint with `sweep retry`."),
        };
    }

    /// <summary>A failure with the program's last lines. The program is killed first, so that these are the last.</summary>
    private ProgramFailedException Failed(FailureClass failure, string message)
    {
        string last = "";
        if (_run is not null)
        {
            _run.Stop(TimeSpan.Zero);
            last = $"\n{_run.Quoted}";
        }
        return new(failure, message + last);
    }

    private void End(TimeSpan grace)
    {
        if (_run is null) return;
        if (grace > TimeSpan.Zero) _run.Stop(grace);
        _run.Dispose();
        _run = null;
        _named.Clear();
    }

    private static string Signal(int code) => code switch
    {
        128 + 6 => " (SIGABRT)",
        128 + 9 => " (SIGKILL: perhaps the system ran out of memory)",
        128 + 11 => " (SIGSEGV)",
        > 128 and < 128 + 65 => string.Create(CultureInfo.InvariantCulture, $" (signal {code - 128})"),
        _ => "",
    };

    private static string Words(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } when time.TotalHours % 1 == 0 => $"{time.TotalHours:0}h",
        { TotalMinutes: >= 1 } when time.TotalMinutes % 1 == 0 => $"{time.TotalMinutes:0}m",
        _ => $"{time.TotalSeconds:0.###}s",
    };
}
