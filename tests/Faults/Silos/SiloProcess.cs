using System.Diagnostics;
using Client;

namespace Tests.Faults.Silos;

/// <summary>Runs a silo on its own in a home of its own, as somebody without the `sweep` command would start it.</summary>
internal sealed class SiloProcess : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-silo-").FullName;
    private readonly Process _process;
    private readonly Task<string> _output, _errors;

    /// <param name="around">A program that runs the silo, with its arguments.</param>
    /// <param name="more">Options, which come last and so win.</param>
    public SiloProcess(string[] around, params string[] more)
    {
        string silo = Path.Combine(Path.GetDirectoryName(Repository.Sweep)!.Replace(
            $"{Path.DirectorySeparatorChar}Client{Path.DirectorySeparatorChar}",
            $"{Path.DirectorySeparatorChar}Silo{Path.DirectorySeparatorChar}", StringComparison.Ordinal), "Silo.dll");
        string[] options = more.Contains("--home") ? [] : ["--home", Home];
        string[] command = [.. around, "dotnet", silo, .. options,
            .. Defaults.Where(d => !more.Contains(d.Name)).SelectMany(d => new[] { d.Name, d.Value }), .. more];
        _process = Process.Start(new ProcessStartInfo(command[0],
            command[1..])
        { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder })!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public string Home => Path.Combine(_folder, "home");

    private static (string Name, string Value)[] Defaults => [("--name", "silo-1"), ("--silo-port", "20001"), ("--gateway-port", "20002")];

    public Task HasJoined() => Eventually.Holds("the silo has a heartbeat", Patience,
        () => File.Exists(Path.Combine(Home, "run", "silo-1.heartbeat"))
            ? null
            : _process.HasExited ? $"It has ended with {_process.ExitCode}." : "It has none.");

    /// <summary>Asks the silo to end in order.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", [$"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<(int ExitCode, string Output, string Errors)> End()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"The silo has not ended within {Patience.TotalSeconds:0} s.\n{await _output}\n{await _errors}");
        }
        return (_process.ExitCode, await _output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
