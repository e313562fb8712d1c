using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Journal;

/// <summary>Runs peers/optuna_bench.py: Optuna's first trials on a new SQLite study, with one process.</summary>
/// <param name="Rate">Trials per second.</param>
/// <param name="Cpu">Milliseconds per trial.</param>
internal sealed record OptunaPeer(string Version, double Rate, double Cpu)
{
    public const int Trials = 100;

    private const string Python = "/usr/bin/python3";

    public static OptunaPeer Run()
    {
        string script = Path.Combine(Repository.Root, "tests", "Benchmarks", "peers", "optuna_bench.py");
        using var process = Process.Start(new ProcessStartInfo(Python, [script, $"{Trials}"]) { RedirectStandardOutput = true })!;
        string[] words = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{script} ended with {process.ExitCode}. Install its peer: " +
                "apt-get install python3-optuna.");
        return new OptunaPeer(words[0], double.Parse(words[1], CultureInfo.InvariantCulture),
            double.Parse(words[2], CultureInfo.InvariantCulture));
    }
}
