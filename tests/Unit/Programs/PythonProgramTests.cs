using System.ComponentModel;
using System.Diagnostics;
using Tests.Unit.Data;
using Tests.Unit.Specs;

namespace Tests.Unit.Programs;

/// <summary>The sample of a program in Python keeps what it promises. Here the test itself plays the cluster.</summary>
public sealed class PythonProgramTests : IDisposable
{
    private static readonly string Sample = SpecFiles.PathOf("deploy", "samples", "python-program");

    private readonly TempFolder _folder = new();

    [Fact]
    public void TheSampleShipsTheHelperAsItIs() =>
        Assert.Equal(File.ReadAllText(SpecFiles.PathOf("deploy", "programs", "sweep_program.py")),
            File.ReadAllText(Path.Combine(Sample, "sweep_program.py")));

    [Fact]
    public void ATrainingThatGoesOnReportsTheBitsOfOneThatWasNotInterrupted()
    {
        string[] whole = Train(from: 0, to: 4, _folder.In("whole"));
        Assert.Equal(4, whole.Length);
        Assert.Equal(["epoch-3", "epoch-4"],
            Directory.GetFileSystemEntries(_folder.In("whole")).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal));

        string[] begun = Train(from: 0, to: 2, _folder.In("begun"));
        // The cluster hands over the content of the folder that the last line names.
        Directory.CreateDirectory(_folder.In("rest"));
        File.Move(_folder.In("begun/epoch-2/state.json"), _folder.In("rest/state.json"));
        string[] rest = Train(from: 2, to: 4, _folder.In("rest"));

        Assert.Equal(whole, begun.Concat(rest));
    }

    [Fact]
    public void AnotherReplicateDrawsOtherRows() =>
        Assert.NotEqual(Train(from: 0, to: 1, _folder.In("first")), Train(from: 0, to: 1, _folder.In("second"), replicate: 2));

    [Fact]
    public void WithoutAClusterTheScriptPrintsWhatItWouldReport()
    {
        string[] printed = Python(["learning_rate=0.3"], new() { ["SWEEP_EPOCHS"] = "1" });
        Assert.StartsWith("""{"epoch": 1, "validation_loss": """, Assert.Single(printed), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs the sample as a slot does, and returns the lines that it reports.</summary>
    private string[] Train(int from, int to, string checkpoint, int replicate = 1)
    {
        Directory.CreateDirectory(checkpoint);
        string metrics = $"{checkpoint}.jsonl";
        Python([], new()
        {
            ["SWEEP_PARAMETERS"] = _folder.Write("parameters.json", """{"learning_rate": 0.3, "share": 0.1}"""),
            ["SWEEP_METRICS"] = metrics,
            ["SWEEP_CHECKPOINT"] = checkpoint,
            ["SWEEP_FROM_EPOCH"] = $"{from}",
            ["SWEEP_EPOCHS"] = $"{to}",
            ["SWEEP_SEED"] = "1",
            ["SWEEP_REPLICATE"] = $"{replicate}",
        });
        return File.ReadAllLines(metrics);
    }

    private static string[] Python(string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("python3", ["-B", "train.py", .. arguments])
        {
            WorkingDirectory = Sample,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception)
        {
            Assert.Skip("python3 was not installed.");
            throw;
        }
    }
}
