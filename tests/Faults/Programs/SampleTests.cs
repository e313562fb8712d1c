using System.Text.Json.Nodes;

namespace Tests.Faults.Programs;

/// <summary>The samples in Python and in C# get the same bytes on other numbers of silos, and when silos are killed under it.</summary>
public sealed class SampleTests(SampleTests.CalmRun calm, SampleTests.ThreeSilos three)
    : IClassFixture<SampleTests.CalmRun>, IClassFixture<SampleTests.ThreeSilos>
{
    private static readonly string Sample = Path.Combine(Repository.Root, "deploy", "samples", "python-program", "sweep.yaml"),
        InCSharp = Path.Combine(Repository.Root, "deploy", "samples", "csharp-program", "sweep.yaml");

    /// <summary>Runs the samples on one silo with two slots, undisturbed.</summary>
    public sealed class CalmRun : IAsyncLifetime
    {
        internal JsonNode Results { get; private set; } = null!;

        internal JsonNode OfCSharp { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await using var cluster = await LocalCluster.Up(silos: 1, slots: 2);
            OfCSharp = await cluster.ResultsOf(InCSharp);
            Results = await cluster.ResultsOf(Sample);
            string id = Results["sweep"]!["id"]!.GetValue<string>();
            Assert.Contains("1 of 1", (await cluster.Run("verify", id, "--trial", "1")).Exits(0).Output, StringComparison.Ordinal);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Runs silos that each test may kill. Each test leaves them up.</summary>
    public sealed class ThreeSilos : IAsyncLifetime
    {
        internal LocalCluster Cluster { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Cluster = await LocalCluster.Up(silos: 3);

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }

    private LocalCluster Cluster => three.Cluster;

    [Fact]
    public async Task OneSiloWithTwoSlotsAndThreeSilosGiveTheSameBytes()
    {
        string sweep = await Cluster.Submit(Sample, "--no-reuse");
        (await Cluster.Run("watch", sweep)).Exits(0);
        await SameAsCalm(sweep);
    }

    [Fact]
    public async Task ASiloKilledInMidSweepChangesNoByte()
    {
        string sweep = await Cluster.Submit(Sample, "--no-reuse");
        Processes.Kill(await Busy(sweep));
        (await Cluster.Run("watch", sweep)).Exits(0);
        await SameAsCalm(sweep);
        WasCutOffAndWentOn(sweep);
        await Cluster.IsWell();
    }

    [Fact]
    public async Task ASweepGoesOnByItselfAfterEverythingWasKilled()
    {
        string sweep = await Cluster.Submit(Sample, "--no-reuse");
        await Busy(sweep);
        await KillEverythingAndStartAgain();
        await Cluster.Ended(sweep);
        await SameAsCalm(sweep);
        WasCutOffAndWentOn(sweep);
        await Cluster.IsWell();
    }

    /// <summary>The build of the solution has built the sample, so that its folder can be shipped.</summary>
    [Fact]
    public async Task TheSampleInCSharpGivesTheSameBytesWhenASiloIsKilledUnderIt()
    {
        string sweep = await Cluster.Submit(InCSharp, "--no-reuse");
        Processes.Kill(await Busy(sweep));
        (await Cluster.Run("watch", sweep)).Exits(0);
        SameAs(calm.OfCSharp, await Cluster.Json("results", sweep));
        WasCutOffAndWentOn(sweep);
        await Cluster.IsWell();
    }

    /// <summary>
    /// The program is a walk by truly random steps. Each epoch tells where it came from, so a curve that mixed two walks would show a
    /// place where it comes from somewhere else.
    /// </summary>
    [Fact]
    public async Task TheCurveOfAProgramThatDoesNotRepeatIsOfOneTrainingHoweverManyAttemptsMadeIt()
    {
        Cluster.Write("walk/train.py", """
            import json, os, random, time

            checkpoint, start = os.environ["SWEEP_CHECKPOINT"], int(os.environ["SWEEP_FROM_EPOCH"])
            every = json.load(open(os.environ["SWEEP_PARAMETERS"]))["every"]
            process = random.SystemRandom().randrange(2**40)
            place = float(open(f"{checkpoint}/place").read()) if start > 0 else 0.0
            for epoch in range(start + 1, int(os.environ["SWEEP_EPOCHS"]) + 1):
                time.sleep(0.15)
                before, place = place, place + random.SystemRandom().uniform(-1, 1)
                line = {"epoch": epoch, "place": place, "before": before, "process": process}
                if epoch % every == 0:
                    line["checkpoint"] = f"at-{epoch}"
                    os.mkdir(f"{checkpoint}/at-{epoch}")
                    with open(f"{checkpoint}/at-{epoch}/place", "w") as file:
                        file.write(repr(place))
                with open(os.environ["SWEEP_METRICS"], "a") as metrics:
                    print(json.dumps(line), file=metrics)
            with open(f"{checkpoint}/place", "w") as file:
                file.write(repr(place))
            """);
        string sweep = await Cluster.Submit(Cluster.Write("walk/sweep.yaml", """
            name: walk
            program:
              run: [python3, train.py]
              files: [train.py]
              metrics: {place: minimize, before: record, process: record}
              epochs: 90
            parameters:
              every: {values: [1, 7, 1000]}
            """));
        Processes.Kill(await Busy(sweep));
        await Cluster.Journal("the sweep goes on after the first kill", Attempts(sweep, "from_epoch > 0"), n => n > 0);
        await Busy(sweep);
        await KillEverythingAndStartAgain();
        await Cluster.Ended(sweep);

        var results = await Cluster.Json("results", sweep);
        Assert.Null(results["sweep"]!["digest"]);
        int cut = 0;
        foreach (var trial in results["trials"]!.AsArray())
        {
            Assert.Equal("Completed", trial!["state"]!.GetValue<string>());
            var epochs = trial["measurements"]!.AsArray();
            Assert.Equal(Enumerable.Range(1, 90), epochs.Select(m => m!["epoch"]!.GetValue<int>()));
            double[] Values(string metric) => [.. epochs.Select(m => m!["metrics"]![metric]!.GetValue<double>())];
            Assert.Equal([0, .. Values("place")[..^1]], Values("before"));
            int processes = Values("process").Distinct().Count();
            if (processes > 1) cut++;
            // Without a checkpoint on the way, only the last attempt's epochs count.
            if (trial["parameters"]!["every"]!.GetValue<int>() == 1000) Assert.Equal(1, processes);
        }
        Assert.True(cut > 0, "No training was cut off and went on.");
        await Cluster.IsWell();
    }

    /// <summary>Waits until a training of the sweep that goes on has a checkpoint, and returns the process of its silo.</summary>
    private async Task<int> Busy(string sweep)
    {
        string going = $"""
            FROM attempt a JOIN trial t ON t.recipe = a.recipe JOIN checkpoint c ON c.recipe = a.recipe JOIN silo s ON s.name = a.silo
            WHERE t.sweep = '{sweep}' AND a.ended IS NULL AND c.kind = 'state' AND c.epoch > 0
            """;
        await Cluster.Journal("a training that goes on has a checkpoint", $"SELECT COUNT(*) {going}", n => n > 0);
        return (int)Cluster.Ask($"SELECT MAX(s.pid) {going}");
    }

    private static string Attempts(string sweep, string which) =>
        $"SELECT COUNT(*) FROM attempt a JOIN trial t ON t.recipe = a.recipe WHERE t.sweep = '{sweep}' AND a.{which}";

    private void WasCutOffAndWentOn(string sweep)
    {
        Assert.True(Cluster.Ask(Attempts(sweep, "outcome = 'Lost'")) > 0, "No attempt was cut off by the kill.");
        Assert.True(Cluster.Ask(Attempts(sweep, "from_epoch > 0")) > 0, "No attempt went on from a checkpoint.");
    }

    private async Task KillEverythingAndStartAgain()
    {
        // The supervisor is killed first, or it would start silos anew.
        foreach (var (pid, _) in Processes.With(Cluster.Home)
            .OrderByDescending(p => p.Command.Contains(" supervise ", StringComparison.Ordinal))) Processes.Kill(pid);
        await Cluster.NothingRuns();
        (await Cluster.Run("cluster", "up")).Exits(0);
    }

    private async Task SameAsCalm(string sweep) => SameAs(calm.Results, await Cluster.Json("results", sweep));

    private static void SameAs(JsonNode expected, JsonNode results)
    {
        Assert.Equal(DigestTests.Digest(expected), DigestTests.Digest(results));
        foreach (string property in (string[])["measurements", "finalCheckpoint", "objective", "bestEpoch"])
            Assert.Equal(OfTrials(expected, property), OfTrials(results, property));
    }

    private static IEnumerable<string?> OfTrials(JsonNode results, string property) => results["trials"]!.AsArray()
        .Select(t => property == "measurements" ? string.Join(' ', t![property]!.AsArray().Select(m => m!["metrics"]!.ToJsonString()))
            : t![property]?.ToJsonString());
}
