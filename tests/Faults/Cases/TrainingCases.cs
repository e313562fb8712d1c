using Grains.Interfaces.Model;
using Tests.Faults.Robust;

namespace Tests.Faults.Cases;

/// <summary>These shared cases are about what is trained, and how often. Their neighbours are here too.</summary>
public sealed class TrainingCases(QuietHome quiet) : IClassFixture<QuietHome>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-cases-").FullName;

    private Home Home => quiet.Home;

    [Fact]
    public async Task Case01RetryOfWhatDivergedIsRefusedAndNothingElseLoops()
    {
        string folder = SharedCases.Copy(1, _folder), file = Path.Combine(folder, "diverged.yaml");
        await Home.Sweep(4, "submit", file, "--watch");
        string said = await Home.Sweep(2, "retry", "last");
        Assert.Contains("diverged", said, StringComparison.Ordinal);
        Assert.Contains("same bits", said, StringComparison.Ordinal);
        Assert.Contains("All is well.", await Home.Sweep("doctor"), StringComparison.Ordinal);
        await Home.Sweep("delete", "last");
        // The recipe is known to diverge, so nobody trains it again, under this name or another.
        const string OfIt = "SELECT COUNT(*) FROM attempt WHERE recipe IN (SELECT recipe FROM failure WHERE class = 'Diverged')";
        long attempts = Home.Ask(OfIt);
        await Home.Sweep(4, "submit", file, "--watch");
        await Home.Sweep(4, "submit", Path.Combine(folder, "other-sweep.yaml"), "--watch");
        Assert.Equal(attempts, Home.Ask(OfIt));
    }

    [Fact]
    public async Task Case03InitialCheckpointThatIsAFolderFailsTheSweepWithItsReason()
    {
        string folder = SharedCases.Copy(3, _folder);
        string said = await Home.Sweep(2, "submit", Path.Combine(folder, "ckdir.yaml"));
        Assert.Contains("is a folder", said, StringComparison.Ordinal);
        Assert.Equal(0, Home.Ask("SELECT COUNT(*) FROM sweep WHERE state = 'Preparing'"));
    }

    [Theory]
    [InlineData("fifo", "is no regular file")]
    [InlineData("missing", "does not exist")]
    [InlineData("/dev/zero", "is no regular file")]
    [InlineData("text", "safetensors")]
    public async Task InitialCheckpointThatCannotBeReadFailsTheSweepWithItsReason(string which, string reason)
    {
        string path = which.StartsWith('/') ? which : Path.Combine(_folder, which);
        if (which == "fifo")
        {
            using var make = System.Diagnostics.Process.Start("mkfifo", [path]);
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        if (which == "text") await File.WriteAllTextAsync(path, "no tensors here", TestContext.Current.CancellationToken);
        string said = await Home.Sweep(2, "submit", Spec("own", $"initial_checkpoint: {path}"));
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.Contains(path, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case13ExtensionBeyondTheFilesLimitsIsRefusedAndALargeOneTellsTheTruth()
    {
        string file = Path.Combine(SharedCases.Copy(13, _folder), "rep.yaml");
        string id = await Home.Submit(file, "--watch");
        Assert.Contains("1000", await Home.Sweep(2, "extend", id, "--replicates", "1001"), StringComparison.Ordinal);
        Assert.Contains("100000", (await Home.Sweep(2, "extend", id, "--epochs", "100001")).Replace(",", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        long before = Home.Ask($"SELECT COUNT(*) FROM trial WHERE sweep = '{id}'");
        Assert.Contains("149 trials new", await Home.Sweep("extend", id, "--replicates", "150", "--key", "large"),
            StringComparison.Ordinal);
        Assert.Equal(150 * before, Home.Ask($"SELECT COUNT(*) FROM trial WHERE sweep = '{id}'"));
        // The same request gets the same answer again and adds nothing.
        Assert.Contains("149 trials new", await Home.Sweep("extend", id, "--replicates", "150", "--key", "large"),
            StringComparison.Ordinal);
        Assert.Equal(150 * before, Home.Ask($"SELECT COUNT(*) FROM trial WHERE sweep = '{id}'"));
        Assert.Contains("under the key", await Home.Sweep(2, "extend", id, "--replicates", "151", "--key", "large"),
            StringComparison.Ordinal);
        await Home.Sweep("cancel", id);
    }

    [Fact]
    public async Task PreviewWritesNothingAndWaitsForNoWriter()
    {
        string file = Spec("previewed", "seed: 77");
        long files = Directory.GetFiles(Path.Combine(Home.Path, "checkpoints"), "*", SearchOption.AllDirectories).Length;
        long changes = Home.Ask("SELECT (SELECT COUNT(*) FROM training) + (SELECT COUNT(*) FROM checkpoint) + " +
            "(SELECT COUNT(*) FROM sweep)");
        using var writer = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Home.Path, "journal.db")};Pooling=False");
        writer.Open();
        // The transaction holds the right to write.
        using (writer.BeginTransaction(deferred: false))
        {
            Assert.Contains("4 epochs to train", (await Home.Sweep("preview", file)).Replace("→", "", StringComparison.Ordinal),
                StringComparison.Ordinal);
        }
        Assert.Equal(files, Directory.GetFiles(Path.Combine(Home.Path, "checkpoints"), "*", SearchOption.AllDirectories).Length);
        Assert.Equal(changes, Home.Ask("SELECT (SELECT COUNT(*) FROM training) + (SELECT COUNT(*) FROM checkpoint) + (SELECT " +
            "COUNT(*) FROM sweep)"));
    }

    [Fact]
    public async Task InitialCheckpointThatIsGoneIsMadeAgainAndFailsNothing()
    {
        await using var home = new Home();
        await home.Sweep("cluster", "up", "--silos", "2");
        string id = await home.Submit(Spec("redrawn", "seed: 78", epochs: 900, images: 3000));
        await home.UntilEpochs(id, 1);
        await home.Sweep("pause", id);
        await Home.Until("it stands", () => Task.FromResult(home.Ask("SELECT COUNT(*) FROM attempt WHERE ended IS NULL") == 0));
        string initial = Recipe.Read(
            home.Text($"SELECT r.json FROM training r JOIN trial t ON t.recipe = r.recipe WHERE t.sweep = '{id}' LIMIT 1")).InitialCheckpoint.Value;
        // Neither the state that it would go on from nor the start is there. The silos' memory of it is gone with them.
        foreach (string checkpoint in Directory.GetFiles(Path.Combine(home.Path, "checkpoints"), "*.safetensors",
            SearchOption.AllDirectories)) File.Delete(checkpoint);
        Home.Signal(home.PidOf("silo-1"), "KILL");
        Home.Signal(home.PidOf("silo-2"), "KILL");
        await home.Sweep("resume", id);
        await home.Sweep("watch", id);
        Assert.True(File.Exists(Path.Combine(home.Path, "checkpoints", initial[..2], $"{initial[2..]}.safetensors")));
        Assert.Contains("2 of 2 trials repeat bit by bit", await home.Sweep("verify", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BestWeightsAreThereForEachBudgetAndAreTrainedAgainWhereTheyAreGone()
    {
        string id = await Home.Submit(Spec("budgets", "seed: 79", epochs: 3, images: 300, more: "  epochs: {values: [3, 9]}\n"), "--watch");
        var trials = await Home.Trials(id);
        var saved = new Dictionary<int, byte[]>();
        foreach (var trial in trials)
        {
            int number = trial.GetProperty("number").GetInt32();
            string file = Path.Combine(_folder, $"best-{number}.safetensors");
            await Home.Sweep("checkpoint", "export", id, "--trial", $"{number}", "--best", "-o", file);
            saved[number] = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        }
        await Home.Sweep("cache", "prune", "--cache-size", "0");
        string target = Path.Combine(_folder, "again.safetensors");
        Assert.Contains("--retrain", await Home.Sweep(2, "checkpoint", "export", id, "--trial", "1", "--best", "-o", target),
            StringComparison.Ordinal);
        foreach (var (number, bytes) in saved)
        {
            await Home.Sweep("checkpoint", "export", id, "--trial", $"{number}", "--best", "--retrain", "-o", target);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
        }
        Assert.Equal(0, Home.Ask("SELECT COUNT(*) FROM demand"));
        Assert.Contains("All is well.", await Home.Sweep("doctor"), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Spec(string name, string top, int epochs = 2, int images = 64, string more = "")
    {
        string file = Path.Combine(_folder, $"{name}.yaml");
        File.WriteAllText(file, $$"""
            name: {{name}}
            {{top}}
            data: {source: xray-phantom, train: {{images}}, validation: 32, test: 32}
            model: {kind: dense, hidden: [8]}
            training: {batch_size: 16, epochs: {{epochs}}}
            parameters:
              learning_rate: {values: [1e-3, 1e-2]}

            """ + more);
        return file;
    }
}
