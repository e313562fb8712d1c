using System.Diagnostics;
using Tests.Unit.Data;
using Tests.Unit.Specs;

namespace Tests.Unit.Deploy;

/// <summary>The script that gets the data of the examples is copied into a clone of the test's own. It never asks the internet.</summary>
public sealed class GetFashionMnistTests : IDisposable
{
    private static readonly string[] Files =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    private readonly TempFolder _clone = new();

    [Fact]
    public void FilesOfAFolderAreLinkedAndWhatIsThereStays()
    {
        WriteFolder(suffix: "");
        _clone.Write("data/fashion-mnist/train-labels-idx1-ubyte", "mine");
        for (int run = 0; run < 2; run++)
        {
            var (code, told, _) = Get([_clone.In("folder")]);
            Assert.Equal((0, $"{Target}\n"), (code, told));
            Assert.Equal("mine", File.ReadAllText(Path.Combine(Target, Files[1])));
            foreach (string file in (string[])[Files[0], Files[2], Files[3]])
                Assert.Equal(_clone.In($"folder/{file}"), new FileInfo(Path.Combine(Target, file)).LinkTarget);
        }
    }

    [Fact]
    public void ALinkWhoseFileIsGoneIsMadeAnew()
    {
        WriteFolder(suffix: ".gz");
        Directory.CreateDirectory(Target);
        File.CreateSymbolicLink(Path.Combine(Target, $"{Files[0]}.gz"), _clone.In("nowhere"));
        Assert.Equal(0, Get([_clone.In("folder")]).Code);
        Assert.Equal(_clone.In($"folder/{Files[0]}.gz"), new FileInfo(Path.Combine(Target, $"{Files[0]}.gz")).LinkTarget);
    }

    [Fact]
    public void AFolderThatLacksAFileIsSaid()
    {
        WriteFolder(suffix: ".gz");
        File.Delete(_clone.In($"folder/{Files[3]}.gz"));
        var (code, _, errors) = Get([_clone.In("folder")]);
        Assert.Equal((1, $"{_clone.In("folder")} holds no {Files[3]}, with or without .gz.\n"), (code, errors));
    }

    [Fact]
    public void WithoutANetworkItSaysWhatElseCanBeDoneAndLeavesNothing()
    {
        // Nobody listens at this port.
        var (code, _, errors) = Get([], "http://127.0.0.1:1/fashion");
        Assert.Equal(1, code);
        Assert.Contains($"{Files[0]}.gz cannot be fetched", errors, StringComparison.Ordinal);
        Assert.Contains("FOLDER", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Target));
    }

    [Fact]
    public void AFileOfAnotherDigestIsRefusedAndLeavesNothing()
    {
        WriteFolder(suffix: ".gz");
        var (code, _, errors) = Get([], $"file://{_clone.In("folder")}");
        Assert.Equal(1, code);
        Assert.Contains($"{Files[0]}.gz is not the file that was published", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Target));
    }

    [Fact]
    public void ThePublishedFilesAreFetched()
    {
        string published = SharedData.OrSkip("fashion-mnist");
        Assert.Equal(0, Get([], $"file://{published}").Code);
        foreach (string file in Files)
            Assert.Equal(new FileInfo(Path.Combine(published, $"{file}.gz")).Length,
                new FileInfo(Path.Combine(Target, $"{file}.gz")).Length);
    }

    public void Dispose() => _clone.Dispose();

    private string Target => _clone.In("data/fashion-mnist");

    private void WriteFolder(string suffix)
    {
        foreach (string file in Files) _clone.Write($"folder/{file}{suffix}", $"no images, {file}");
    }

    private (int Code, string Output, string Errors) Get(string[] arguments, string source = "file:///nowhere")
    {
        string script = _clone.Write("deploy/sweeps/get-fashion-mnist",
            File.ReadAllBytes(SpecFiles.PathOf("deploy", "sweeps", "get-fashion-mnist")));
        using var process = Process.Start(new ProcessStartInfo("sh", [script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FASHION_MNIST_SOURCE"] = source },
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
