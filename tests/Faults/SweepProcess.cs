using System.Diagnostics;

namespace Tests.Faults;

/// <summary>Runs a `sweep` and gathers its output while it comes.</summary>
internal sealed class SweepProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _what;
    private readonly Func<string> _logs;
    private readonly Task<string> _errors;
    private readonly Task _reading;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="environment">Beside our own.</param>
    /// <param name="logs">For the message when a deadline passes.</param>
    public SweepProcess(IReadOnlyList<string> arguments, string folder, IReadOnlyDictionary<string, string> environment, Func<string> logs)
    {
        // With env, Ctrl-C reaches the process even where whoever started us ignores it, as a script does for what it starts with &.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Repository.Sweep, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _what = $"sweep {string.Join(' ', arguments)}";
        _logs = logs;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = Read();
    }

    public int Pid => _process.Id;

    public async Task<string> WaitForLine(string text, TimeSpan deadline)
    {
        using var expiry = new CancellationTokenSource(deadline);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_lines.Find(l => l.Contains(text, StringComparison.Ordinal)) is { } line) return line;
                more = _more.Task;
            }
            if (_reading.IsCompleted) Assert.Fail($"`{_what}` ended without a line with '{text}':\n{SaidSoFar}\n{await _errors}");
            await Task.WhenAny(more, _reading, Task.Delay(Timeout.Infinite, expiry.Token));
            if (expiry.IsCancellationRequested)
                Assert.Fail($"`{_what}` has not said '{text}' within {deadline.TotalSeconds:0} s:\n{SaidSoFar}\n{_logs()}");
        }
    }

    public async Task<Outcome> End(TimeSpan deadline)
    {
        using var expiry = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        expiry.CancelAfter(deadline);
        try
        {
            await _process.WaitForExitAsync(expiry.Token);
            await _reading.WaitAsync(expiry.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            Assert.Fail($"`{_what}` has not ended within {deadline.TotalSeconds:0} s:\n{SaidSoFar}\n{_logs()}");
        }
        return new Outcome(_what, _process.ExitCode, SaidSoFar, await _errors);
    }

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task Read()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            TaskCompletionSource told;
            lock (_gate)
            {
                _lines.Add(line);
                (told, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            told.SetResult();
        }
    }

    public string SaidSoFar
    {
        get
        {
            lock (_gate) return string.Join('\n', _lines);
        }
    }
}

/// <summary>Tells how a `sweep` ended.</summary>
internal sealed record Outcome(string Command, int ExitCode, string Output, string Errors)
{
    public Outcome Exits(int code)
    {
        if (ExitCode != code) Assert.Fail($"`{Command}`: exit code {ExitCode}, not {code}.\n{Output}\n{Errors}");
        return this;
    }
}
