using System.Diagnostics;

namespace Tests.Faults;

/// <summary>Installs the programs of this build by `deploy/install` in a folder of the test's own.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly string _prefix = Directory.CreateTempSubdirectory("sweep-install-").FullName;

    [Fact]
    public void AnInstalledSweepStartsItsOwnSilosAndIsGoneAfterwards()
    {
        for (int time = 0; time < 2; time++)
        {
            var (code, said) = Install("--prefix", _prefix, "--no-build");
            Assert.True(code == 0, said);
            Assert.Contains("is not on your PATH", said, StringComparison.Ordinal);
        }
        string sweep = Path.Combine(_prefix, "bin", "sweep");
        Assert.True(File.Exists(Path.Combine(_prefix, "lib", "sweep", "silo", "Silo.dll")));
        Assert.Contains("_sweep", File.ReadAllText(Path.Combine(_prefix, "share", "bash-completion", "completions", "sweep")),
            StringComparison.Ordinal);

        string home = Path.Combine(_prefix, "home");
        try
        {
            Assert.Equal(0, Run(sweep, home, "cluster", "up", "--silos", "1").Code);
            Assert.Contains(Processes.With(Path.Combine(_prefix, "lib")), p => p.Command.Contains("Silo.dll", StringComparison.Ordinal));
            var (refused, why) = Install("--prefix", _prefix, "--uninstall");
            Assert.Equal(1, refused);
            Assert.Contains("sweep cluster down", why, StringComparison.Ordinal);
        }
        finally
        {
            Assert.Equal(0, Run(sweep, home, "cluster", "down").Code);
        }
        Assert.Equal(0, Install("--prefix", _prefix, "--uninstall").Code);
        Assert.Equal(["home"], Directory.EnumerateFileSystemEntries(_prefix).Select(e => Path.GetFileName(e)));
        Assert.Contains("is not installed", Install("--prefix", _prefix, "--uninstall").Said, StringComparison.Ordinal);
    }

    [Fact]
    public void SomebodyElsesSweepIsLeftAlone()
    {
        Directory.CreateDirectory(Path.Combine(_prefix, "bin"));
        string other = Path.Combine(_prefix, "bin", "sweep");
        File.WriteAllText(other, "another program");
        foreach (string[] arguments in (string[][])[["--prefix", _prefix], ["--prefix", _prefix, "--uninstall"]])
        {
            var (code, said) = Install(arguments);
            Assert.Equal(1, code);
            Assert.Contains("is not from here and stays", said, StringComparison.Ordinal);
        }
        Assert.Equal("another program", File.ReadAllText(other));
    }

    [Fact]
    public void AnUnknownOptionIsBadInput()
    {
        Assert.Equal(2, Install("--prefx", _prefix).Code);
        Assert.Equal(2, Install("--prefix").Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_prefix));
    }

    public void Dispose() => Directory.Delete(_prefix, recursive: true);

    private (int Code, string Said) Install(params string[] arguments) =>
        Run(Path.Combine(Repository.Root, "deploy", "install"), Path.Combine(_prefix, "home"), arguments);

    private static (int Code, string Said) Run(string program, string home, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SWEEP_HOME"] = home },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
