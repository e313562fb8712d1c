using System.Text.RegularExpressions;
using Tests.Contracts.Membership;

namespace Tests.Faults.Chaos;

/// <summary>
/// Nothing is lost: a sweep that is struck more than twenty times, in every way, gives the bytes of one that nobody struck.
/// </summary>
[Collection(Calm.Collection)]
public sealed partial class ChaosTests(Calm calm, PostgreSqlServer postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly string[] Kinds = ["kill silo", "kill coordinator", "kill all", "freeze", "hang", "drain"];

    [Fact]
    public Task OnSqlite() => Struck(null);

    [Fact]
    public Task OnPostgreSql()
    {
        Assert.SkipWhen(postgres.Missing is not null, postgres.Missing ?? "");
        return Struck(postgres.NewDatabase());
    }

    /// <summary>Half of every training is there already. What is reused and what is struck give the same bytes together.</summary>
    [Fact]
    public async Task OnWhatWasTrainedBefore()
    {
        Soak.Only();
        await using var cluster = await LocalCluster.Up(silos: 3);
        string half = await cluster.Submit(cluster.Write("half.yaml",
            Sweeps.Struck.Replace("epochs: 40", "epochs: 20", StringComparison.Ordinal)));
        await cluster.Ended(half, Patience);
        using var struck = cluster.Start("submit", cluster.Write("struck.yaml", Sweeps.Struck), "--key", "struck",
            "--chaos", "3", "--faults", "8");
        var said = (await struck.End(Patience)).Exits(0);
        Assert.Contains($"digest {calm.Digest}", said.Output, StringComparison.Ordinal);
        var results = await cluster.Json("results", "last");
        Assert.Equal(24 * 20, results["sweep"]!["epochsTrained"]!.GetValue<int>());
        Assert.Empty((await Evidence.Of(cluster, results["sweep"]!["id"]!.GetValue<string>())).Against(calm.Digest, resumed: 24));
    }

    private async Task Struck(string? database)
    {
        Soak.Only();
        await using var cluster = await LocalCluster.Up(silos: 3, postgres: database);
        string file = cluster.Write("struck.yaml", Sweeps.Struck), id;

        // The client that submits is killed, then the one that repeats the submission and strikes. Whoever comes with the same key goes on
        // with the same sweep.
        using (var first = cluster.Start("submit", file, "--key", "struck", "--watch"))
        {
            id = await first.WaitForLine("struck-", Patience);
            await cluster.Journal("an epoch is measured while others are trained", "SELECT COUNT(*) FROM measurement", n => n > 0);
            first.Kill();
        }
        var faults = new List<string>();
        using (var second = cluster.Start("submit", file, "--key", "struck", "--chaos", "1", "--faults", "12"))
        {
            await second.WaitForLine(" 11  ", Patience);
            second.Kill();
            // The eleventh fault may have been announced and not done.
            faults.AddRange(FaultsIn(second.SaidSoFar).Take(10));
        }
        using (var third = cluster.Start("submit", file, "--key", "struck", "--chaos", "2", "--faults", "10"))
        {
            var said = (await third.End(Patience)).Exits(0);
            Assert.Contains(id, said.Output, StringComparison.Ordinal);
            Assert.Contains($"digest {calm.Digest}", said.Output, StringComparison.Ordinal);
            faults.AddRange(FaultsIn(said.Output));
        }
        Assert.True(faults.Count >= 20, $"Only {faults.Count} faults before the sweep ended: it is too short for this machine.");
        Assert.All(Kinds, kind => Assert.True(faults.Count(f => f == kind) >= 2, $"{kind}: {faults.Count(f => f == kind)} times"));

        Assert.Empty((await Evidence.Of(cluster, id)).Against(calm.Digest, resumed: 10));
    }

    private static IEnumerable<string> FaultsIn(string said) => FaultLine().Matches(said).Select(m => m.Groups["kind"].Value);

    [GeneratedRegex(@"^\d\d:\d\d +\d+  (?<kind>[a-z]+( [a-z]+)?) {2,}silo-", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex FaultLine();
}
