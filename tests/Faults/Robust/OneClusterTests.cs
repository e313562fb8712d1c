using System.Globalization;
using System.Text.Json;

namespace Tests.Faults.Robust;

/// <summary>These tests need a cluster and leave it as it was, so all run on one.</summary>
public sealed class OneClusterTests(QuietHome quiet) : IClassFixture<QuietHome>
{
    private Home Home => quiet.Home;

    [Fact]
    public async Task DamagedStateIsRefusedAndNamedAndWhatAPausedTrialNeedsIsNotPruned()
    {
        string id = await Home.Submit(Spec("damaged", seed: 31, "training: {batch_size: 16}", "epochs: {values: [2, 80]}",
            hidden: "[300, 150]", images: 1500));
        await Home.UntilEpochs(id, 6);
        await Home.Sweep("pause", id);
        await Home.Until("it stands", () => Task.FromResult(Home.Ask("SELECT COUNT(*) FROM attempt WHERE ended IS NULL") == 0));

        await Home.Sweep("cache", "prune", "--cache-size", "0");
        var kept = Assert.Single(await Kept(id));
        Assert.True(kept.GetProperty("needed").GetBoolean());
        var states = kept.GetProperty("checkpoints").EnumerateArray().Where(c => c.GetProperty("kind").GetString() == "state").ToList();
        Assert.True(states.Count >= 2 && states[0].GetProperty("epoch").GetInt32() == 2, kept.ToString());
        Assert.Contains("state@2", await Home.Sweep("checkpoints", id), StringComparison.Ordinal);

        int last = states[^1].GetProperty("epoch").GetInt32(), before = states[^2].GetProperty("epoch").GetInt32();
        string weights = states[^1].GetProperty("weights").GetString()!,
            file = Path.Combine(Home.Path, "checkpoints", weights[..2], $"{weights[2..]}.safetensors");
        using (var torn = new FileStream(file, FileMode.Open)) torn.SetLength(torn.Length - 1);
        await Home.Sweep("resume", id);
        await Home.Sweep("watch", id);

        Assert.Equal(before, Home.Ask("SELECT from_epoch FROM attempt ORDER BY started DESC LIMIT 1"));
        string log = Home.Log("silo-1") + Home.Log("silo-2");
        Assert.Contains($"its state at epoch {last} is refused ({file}", log, StringComparison.Ordinal);
        Assert.True(File.Exists($"{file}.damaged"));
        Assert.Contains("2 of 2 trials repeat bit by bit", await Home.Sweep("verify", id), StringComparison.Ordinal);
        await Home.Sweep("doctor");
    }

    [Fact]
    public async Task VerifyNamesTheFirstEpochThatDiffersAndBothEnvironments()
    {
        string id = await Home.Submit(Spec("altered", seed: 32, "training: {epochs: 4}",
            "learning_rate: {values: [1e-3, 1e-2, 1e-1]}"), "--watch");
        string one = await Home.Sweep("verify", id, "--trials", "1", "--seed", "5");
        Assert.Contains("1 of 1 trials repeat bit by bit", one, StringComparison.Ordinal);
        Assert.Equal(one, await Home.Sweep("verify", id, "--trials", "1", "--seed", "5"));

        // The first metric is the train_loss, and its lowest bits come first.
        Home.Execute("UPDATE measured SET metrics = CAST(substr(metrics, 1, 1) || x'ABCD' || substr(metrics, 4) AS BLOB) " +
            "WHERE epoch = 3 AND training = (SELECT number FROM training " +
            $"WHERE recipe = (SELECT recipe FROM trial WHERE sweep = '{id}' AND number = 2))");
        string said = await Home.Sweep(5, "verify", id);
        Assert.Contains("trial 2: differs first at epoch 3: the train_loss is", said, StringComparison.Ordinal);
        Assert.Contains("recorded in environment", said, StringComparison.Ordinal);
        Assert.Contains("repeated in", said, StringComparison.Ordinal);
        Assert.Contains("1 of 3 trials do not repeat", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DoctorNamesALeaseOfNobodyAndACheckpointThatIsGone()
    {
        string id = await Home.Submit(Spec("ill", seed: 33, "training: {epochs: 2}", "learning_rate: {values: [1e-3]}"), "--watch");
        await Home.Sweep("doctor");
        string recipe = Home.Text($"SELECT recipe FROM trial WHERE sweep = '{id}'");
        Home.Execute($"INSERT INTO attempt (recipe, attempt, silo, generation, slot, started, expires) VALUES ('{recipe}', 99, 'silo-9', " +
            $"'nobody', 0, 1, {long.MaxValue})");
        Assert.Contains($"lease on {recipe[..12]}, attempt 99, silo-9: its silo is not active", await Home.Sweep(5, "doctor"),
            StringComparison.Ordinal);
        await Home.Until("the broker ends it", () => Task.FromResult(Home.Ask("SELECT COUNT(*) FROM attempt WHERE ended IS NULL") == 0));

        string weights = Home.Text($"SELECT final_checkpoint FROM trial WHERE sweep = '{id}'");
        File.Delete(Path.Combine(Home.Path, "checkpoints", weights[..2], $"{weights[2..]}.safetensors"));
        Assert.Matches($@"checkpoint {weights[..12]} \(\w+ of {recipe[..12]} at epoch 2\): its file is gone",
            await Home.Sweep(5, "doctor"));
        await Home.Sweep("cache", "verify");
        await Home.Sweep("doctor");
    }

    [Fact]
    public async Task SweepExtendedByPointsReplicatesAndEpochsEqualsAFreshOne()
    {
        string Random(int points, int replicates, int epochs) =>
            Spec("random", seed: 34, $"training: {{epochs: {epochs}}}\nsearch: {{sampler: random, trials: " +
                $"{points}}}\nreplicates: {replicates}", "learning_rate: {min: 1e-4, max: 1e-1, log: true}");
        string id = await Home.Submit(Random(2, 1, 2), "--watch");
        Assert.Contains("2 trials longer, 0 trials new", await Home.Sweep("extend", id, "--epochs", "3"), StringComparison.Ordinal);
        await Home.Sweep("watch", id);
        Assert.Contains("0 trials longer, 4 trials new", await Home.Sweep("extend", id, "--trials", "3", "--replicates", "2"),
            StringComparison.Ordinal);
        Assert.Contains("has all that already", await Home.Sweep("extend", id, "--trials", "3", "--replicates", "2", "--epochs", "3"),
            StringComparison.Ordinal);
        await Home.Sweep("watch", id);
        await Home.Submit(Random(3, 2, 3), "--watch", "--no-reuse");
        Assert.Equal(await Home.Digest("last"), await Home.Digest(id));
    }

    [Fact]
    public async Task OfASweepThatVariesEpochsTheLongestTrialsAreExtended()
    {
        string id = await Home.Submit(Spec("budgets", seed: 35, "training: {batch_size: 16}", "epochs: {values: [2, 4]}"), "--watch");
        Assert.Contains("no", await Home.Sweep(2, "extend", id, "--trials", "9"), StringComparison.Ordinal);
        Assert.Contains("1 trial longer, 0 trials new", await Home.Sweep("extend", id, "--epochs", "6"), StringComparison.Ordinal);
        await Home.Sweep("watch", id);
        await Home.Submit(Spec("budgets", seed: 35, "training: {batch_size: 16}", "epochs: {values: [2, 6]}"), "--watch", "--no-reuse");
        Assert.Equal(await Home.Digest("last"), await Home.Digest(id));
    }

    [Fact]
    public async Task CheckpointsArePrunedToTheBudgetByThemselves()
    {
        // What the sweeps of other tests begin with is never pruned: this test needs a home without them.
        await using var home = new Home();
        Assert.Contains("may take 300 KB", await home.Sweep("cluster", "up", "--silos", "2", "--cache-size", "300KB"), StringComparison.Ordinal);
        string id = await home.Submit(Spec("budgeted", seed: 36, "training: {epochs: 2}",
            "learning_rate: {values: [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]}"), "--watch");
        string digest = await home.Digest(id);
        Assert.Equal(6, home.Ask($"SELECT COUNT(*) FROM trial WHERE sweep = '{id}' AND state = 'Completed'"));
        await Home.Until("what is kept fits", async () =>
        {
            using var status = JsonDocument.Parse(await home.Sweep("cache", "status", "--format", "json"));
            return status.RootElement.GetProperty("bytes").GetInt64() <= 300_000;
        }, seconds: 180);
        // Results outlive their weights, and a pruned training goes on from its start.
        await home.Sweep("cluster", "up", "--cache-size", "1TB");
        Assert.Equal(digest, await home.Digest(id));
        await home.Sweep("extend", id, "--epochs", "3");
        await home.Sweep("watch", id);
        Assert.Contains("6 of 6 trials repeat bit by bit", await home.Sweep("verify", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchThatWasKilledGoesOnFromItsCursor()
    {
        // Two trials show each of the first epochs, so one measurement gives two lines.
        string id = await Home.Submit(Spec("watched", seed: 37, "training: {batch_size: 2}", "epochs: {values: [20, 40]}"));
        var begun = await Home.LinesOfKilled(12, "watch", id, "--format", "json");
        var rest = Lines(await Home.Sweep("watch", id, "--format", "json", "--after", Cursor(begun[^1])));
        string[] told = [.. begun, .. rest];
        Assert.Equal(60, told.Count(l => l.Contains("\"kind\":\"Epoch\"", StringComparison.Ordinal)));
        var whole = Lines(await Home.Sweep("watch", id, "--format", "json"));
        Assert.Equal(whole.Select(Fact).Order(StringComparer.Ordinal), told.Select(Fact).Order(StringComparer.Ordinal));

        // The cursor also works between two lines of one measurement.
        int twin = Enumerable.Range(0, whole.Length - 1)
            .First(i => Cursor(whole[i]).Split('.')[1] == Cursor(whole[i + 1]).Split('.')[1] && Cursor(whole[i]) != "0.0.0");
        Assert.Equal(whole[(twin + 1)..], Lines(await Home.Sweep("watch", id, "--format", "json", "--after", Cursor(whole[twin]))));
        Assert.Contains("no cursor", await Home.Sweep(2, "watch", id, "--format", "json", "--after", "yesterday"),
            StringComparison.Ordinal);
    }

    private string Spec(string name, int seed, string more, string parameters, string hidden = "[8]",
        int images = 200) => Home.Write($"{name}-{seed}-{Guid.NewGuid():N}.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
        name: {{name}}
        seed: {{seed}}
        data: {source: xray-phantom, train: {{images}}, validation: 50, test: 50}
        model: {hidden: {{hidden}}}
        parameters:
          {{parameters}}
        {{more}}
        """));

    private async Task<JsonElement[]> Kept(string id)
    {
        using var kept = JsonDocument.Parse(await Home.Sweep("checkpoints", id, "--format", "json"));
        return [.. kept.RootElement.Clone().EnumerateArray()];
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Cursor(string line) => JsonDocument.Parse(line).RootElement.GetProperty("cursor").GetString()!;

    /// <summary>Returns a line without its place, which depends on when it was told.</summary>
    private static string Fact(string line) => line[line.IndexOf("\"kind\"", StringComparison.Ordinal)..];
}
