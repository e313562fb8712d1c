using System.Text.Json.Nodes;

namespace Tests.Faults.Programs;

/// <summary>Runs programs that behave, and programs that do not, as trials of sweeps on one cluster.</summary>
public sealed class AnyProgramTests(AnyProgramTests.TwoSilos two) : IClassFixture<AnyProgramTests.TwoSilos>
{
    /// <summary>Runs sweeps in which most trials go wrong, each in its own way and in its second epoch.</summary>
    public sealed class TwoSilos : IAsyncLifetime
    {
        private const string Trial = """
            line() { echo "$1" >> "$SWEEP_METRICS"; }
            one='{"epoch": 1, "loss": 0.5}' two='{"epoch": 2, "loss": 0.25}'
            echo "this is $1"
            line "$one"
            case $1 in
                hangs) sleep 1000 ;;
                stubborn) trap '' TERM; sleep 1000 & setsid sleep 1000; sleep 1000 ;;
                loud) yes 'a line that says nothing' | head -c 1073741824; line "$two" ;;
                exits) echo 'it cannot go on' >&2; exit 7 ;;
                dies) kill -SEGV $$ ;;
                early) ;;
                undeclared) line '{"epoch": 2, "loss": 0.25, "lose": 0.25}' ;;
                lacking) line '{"epoch": 2}' ;;
                twice) line "$one"; line "$two" ;;
                ahead) line '{"epoch": 3, "loss": 0.25}' ;;
                beyond) line "$two"; line '{"epoch": 3, "loss": 0.25}' ;;
                garbled) line 'epoch 2: 0.25' ;;
                diverges) line '{"epoch": 2, "loss": NaN}' ;;
                *) line "$two" ;;
            esac
            """;

        internal LocalCluster Cluster { get; private set; } = null!;

        /// <summary>The trials by their kinds.</summary>
        internal Dictionary<string, JsonNode> Trials { get; } = [];

        public async ValueTask InitializeAsync()
        {
            Cluster = await LocalCluster.Up(silos: 2, slots: 2);
            Cluster.Write("bad/trial.sh", Trial);
            string[] sweeps =
            [
                await Cluster.Submit(Cluster.Write("bad/slow.yaml", Sweep("3s", "hangs, stubborn, punctual"))),
                await Cluster.Submit(Cluster.Write("bad/bad.yaml",
                    Sweep("1m", "first, loud, exits, dies, early, undeclared, lacking, twice, ahead, beyond, garbled, diverges, last"))),
            ];
            foreach (string id in sweeps)
            {
                (await Cluster.Run("watch", id)).Exits(4);
                foreach (var trial in (await Cluster.Json("results", id))["trials"]!.AsArray())
                    Trials.Add(trial!["parameters"]!["kind"]!.GetValue<string>(), trial);
            }
        }

        private static string Sweep(string timeout, string kinds) => $$"""
            name: bad
            program:
              run: [sh, trial.sh, "{kind}"]
              files: [trial.sh]
              metrics: {loss: minimize}
              epochs: 2
              timeout: {{timeout}}
              repeatable: true
            parameters:
              kind: {values: [{{kinds}}]}
            """;

        /// <summary>Writes a sweep file, runs the sweep to its end and returns its results.</summary>
        internal async Task<JsonNode> Ran(string file, int code, string text, params string[] options)
        {
            var outcome = (await Cluster.Run(["submit", Cluster.Write(file, text), "--watch", .. options])).Exits(code);
            return await Cluster.Json("results", outcome.Output.Split('\n')[0].Trim());
        }

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }

    private LocalCluster Cluster => two.Cluster;

    [Theory]
    [InlineData("first")]
    [InlineData("loud")]
    [InlineData("last")]
    [InlineData("punctual")]
    public void TrialsBesideThoseThatGoWrongAreCompleted(string kind)
    {
        var trial = two.Trials[kind];
        Assert.Equal("Completed", trial["state"]!.GetValue<string>());
        Assert.Equal([0.5, 0.25], Values(trial, "loss"));
    }

    [Theory]
    [InlineData("exits", "Error", "exit code 7 at epoch 2", "it cannot go on", "logs/trainings/")]
    [InlineData("dies", "Error", "SIGSEGV", "epoch 2")]
    [InlineData("early", "Error", "has not reported epoch 2")]
    [InlineData("hangs", "Error", "epoch 2 took longer than 3s", "this is hangs")]
    [InlineData("stubborn", "Error", "epoch 2 took longer than 3s", "this is stubborn")]
    [InlineData("undeclared", "Invalid", "lose, which is not declared", "this is undeclared")]
    [InlineData("lacking", "Invalid", "lacks loss")]
    [InlineData("twice", "Invalid", "is of epoch 1, and epoch 2 comes next")]
    [InlineData("ahead", "Invalid", "is of epoch 3, and epoch 2 comes next")]
    [InlineData("beyond", "Invalid", "more than epoch 2")]
    [InlineData("garbled", "Invalid", "epoch 2: 0.25", "is no JSON")]
    [InlineData("diverges", "Diverged", "The loss is not a finite number")]
    public void AProgramThatGoesWrongFailsItsTrialWithTheReasonAndKeepsItsEpochs(string kind, string failure, params string[] reason)
    {
        var trial = two.Trials[kind];
        Assert.Equal("Failed", trial["state"]!.GetValue<string>());
        Assert.Equal(failure, trial["failure"]!.GetValue<string>());
        string said = trial["reason"]!.GetValue<string>();
        Assert.All(reason, part => Assert.Contains(part, said, StringComparison.Ordinal));
        Assert.Equal(0.5, Values(trial, "loss")[0]);
    }

    [Fact]
    public void AGigabyteOfOutputFillsNoDisk()
    {
        var logs = new DirectoryInfo(Path.Combine(Cluster.Home, "logs")).EnumerateFiles("*", SearchOption.AllDirectories);
        Assert.InRange(logs.Sum(f => f.Length), 1, 100 << 20);
    }

    [Fact]
    public async Task NothingIsLeftOfProgramsThatHadToBeStopped()
    {
        // Their own words are in no command line of the cluster's.
        await Eventually.Holds("no sleep is left", TimeSpan.FromSeconds(20), () =>
            Processes.Under(Cluster.Home).Where(p => p.Command.StartsWith("sleep", StringComparison.Ordinal)).ToArray() is { Length: > 0 } left
                ? string.Join('\n', left) : null);
        await Cluster.IsWell();
    }

    [Fact]
    public async Task AProgramFindsWhatTheReferencePromises()
    {
        Cluster.Write("finds/parts/part.txt", "3");
        Cluster.Write("finds/secret.txt", "not shipped");
        Cluster.Write("finds/train.py", """
            import json, os, sys

            settings = json.load(open(os.environ["SWEEP_PARAMETERS"]))
            found = {
                "epoch": int(os.environ["SWEEP_EPOCHS"]),
                "from_epoch": int(os.environ["SWEEP_FROM_EPOCH"]),
                "seed": int(os.environ["SWEEP_SEED"]),
                "replicate": int(os.environ["SWEEP_REPLICATE"]),
                "slot": int(os.environ["SWEEP_SLOT"]),
                "threads": int(os.environ["OMP_NUM_THREADS"]),
                "state": len(os.listdir(os.environ["SWEEP_CHECKPOINT"])),
                "lines": os.path.getsize(os.environ["SWEEP_METRICS"]),
                "part": int(open("parts/part.txt").read()),
                "files": len(os.listdir(".")),
                "rate": settings["rate"],
                "deep": int(settings["deep"] is True),
                "kind": int(settings["kind"] == "a b"),
                "settings": len(settings),
                "arguments": int(sys.argv[1:] == ["--rate=0.25", "a b", '{"literal": 1}', "{kind}", "$HOME", ""]),
            }
            print(json.dumps(found), file=open(os.environ["SWEEP_METRICS"], "a"))
            """);
        var results = await two.Ran("finds/sweep.yaml", code: 0, """
            name: finds
            seed: 11
            program:
              run: [python3, train.py, "--rate={rate}", "{kind}", '{"literal": 1}', "{{kind}}", $HOME, ""]
              files: [train.py, parts]
              metrics: {seed: maximize, replicate: record, slot: record, from_epoch: record, threads: record, state: record, lines: record,
                part: record, files: record, rate: record, deep: record, kind: record, settings: record, arguments: record}
            parameters:
              rate: {values: [0.25]}
              deep: {values: [true]}
              kind: {values: [a b]}
            replicates: 3
            """);
        Assert.Equal([1, 2, 3], results["trials"]!.AsArray().Select(t => Values(t!, "replicate").Single()).Order());
        Assert.All(results["trials"]!.AsArray(), trial =>
        {
            double Found(string metric) => Values(trial!, metric).Single();
            Assert.Equal(11, Found("seed"));
            Assert.InRange(Found("slot"), 0, 1);
            Assert.Equal(1, Found("threads"));
            Assert.Equal(3, Found("part"));
            Assert.Equal(2, Found("files"));
            Assert.Equal(0.25, Found("rate"));
            Assert.Equal(3, Found("settings"));
            foreach (string none in (string[])["from_epoch", "state", "lines"]) Assert.Equal(0, Found(none));
            foreach (string yes in (string[])["deep", "kind", "arguments"]) Assert.Equal(1, Found(yes));
        });
    }

    [Fact]
    public async Task FilesThatAreGoneFromTheUsersDiskAreNotMissed()
    {
        Cluster.Write("gone/parts/data.txt", "0.5");
        string file = Cluster.Write("gone/sweep.yaml", """
            name: gone
            program:
              run: [sh, -c, "sleep 0.5; echo '{\"epoch\": 1, \"loss\": '$(cat parts/data.txt)'}' >> $SWEEP_METRICS"]
              files: [parts]
              metrics: {loss: minimize}
            parameters: {point: {values: [1, 2, 3, 4, 5, 6]}}
            """);
        string id = await Cluster.Submit(file);
        Directory.Delete(Cluster.PathOf("gone"), recursive: true);
        (await Cluster.Run("watch", id)).Exits(0);
        // More replicates are asked for when the folder is long gone.
        (await Cluster.Run("extend", id, "--replicates", "2")).Exits(0);
        (await Cluster.Run("watch", id)).Exits(0);
        var trials = (await Cluster.Json("results", id))["trials"]!.AsArray();
        Assert.Equal(12, trials.Count);
        Assert.All(trials, t => Assert.Equal([0.5], Values(t!, "loss")));
    }

    [Fact]
    public async Task ChangedFilesMakeAnotherRecipeAndTheFirstOnesAreUsedAgain()
    {
        const string Sweep = """
            name: changed
            program:
              run: [sh, train.sh]
              files: [train.sh]
              metrics: {loss: minimize}
              repeatable: true
            """;
        async Task<JsonNode> With(string loss)
        {
            Cluster.Write("changed/train.sh", $$"""echo '{"epoch": 1, "loss": {{loss}}}' >> $SWEEP_METRICS""");
            return await two.Ran("changed/sweep.yaml", code: 0, Sweep);
        }
        var first = await With("0.5");
        var other = await With("0.75");
        var again = await With("0.5");
        Assert.Equal([0.75], Values(other["trials"]![0]!, "loss"));
        Assert.NotEqual(Recipe(first), Recipe(other));
        Assert.Equal(Recipe(first), Recipe(again));
        Assert.NotEqual(DigestTests.Digest(first), DigestTests.Digest(other));
        Assert.Equal(DigestTests.Digest(first), DigestTests.Digest(again));
        Assert.Equal([1, 1, 0], ((JsonNode[])[first, other, again]).Select(r => r["sweep"]!["epochsTrained"]!.GetValue<int>()));
    }

    [Fact]
    public async Task ASweepThatDoesNotPromiseToRepeatHasNoDigestSharesNothingAndSaysSo()
    {
        const string Sweep = """
            name: unpromised
            program:
              run: [sh, -c, "echo '{\"epoch\": 1, \"loss\": 0.5}' >> $SWEEP_METRICS"]
              metrics: {loss: minimize}
            """;
        var first = await two.Ran("unpromised/sweep.yaml", code: 0, Sweep);
        var again = await two.Ran("unpromised/sweep.yaml", code: 0, Sweep);
        foreach (var results in (JsonNode[])[first, again])
        {
            Assert.Null(results["sweep"]!["digest"]);
            Assert.Equal(1, results["sweep"]!["epochsTrained"]!.GetValue<int>());
            string id = results["sweep"]!["id"]!.GetValue<string>();
            Assert.Contains("repeatable", (await Cluster.Run("results", id)).Exits(0).Output, StringComparison.Ordinal);
            Assert.Contains("repeatable", (await Cluster.Run("verify", id)).Exits(2).Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task ARetryGoesOnFromTheLastCheckpoint(string repeatable)
    {
        // The program goes wrong in its third epoch, until a file outside is there.
        string mended = Cluster.PathOf($"mended-{repeatable}");
        Cluster.Write($"retried-{repeatable}/train.py", """
            import json, os, sys

            checkpoint, start = os.environ["SWEEP_CHECKPOINT"], int(os.environ["SWEEP_FROM_EPOCH"])
            for epoch in range(start + 1, 5):
                if epoch == 3 and not os.path.exists(sys.argv[1]):
                    sys.exit("the file is not there")
                os.mkdir(f"{checkpoint}/at-{epoch}")
                open(f"{checkpoint}/at-{epoch}/epoch.txt", "w").write(str(epoch))
                known = int(open(f"{checkpoint}/epoch.txt").read()) if start > 0 else 0
                with open(os.environ["SWEEP_METRICS"], "a") as metrics:
                    print(json.dumps({"epoch": epoch, "start": start, "known": known, "checkpoint": f"at-{epoch}"}), file=metrics)
            """);
        var failed = await two.Ran($"retried-{repeatable}/sweep.yaml", code: 4, $$"""
            name: retried
            program:
              run: [python3, train.py, {{mended}}]
              files: [train.py]
              metrics: {start: maximize, known: record}
              epochs: 4
              repeatable: {{repeatable}}
            """);
        string id = failed["sweep"]!["id"]!.GetValue<string>();
        Assert.Equal([0, 0], Values(failed["trials"]![0]!, "start"));

        File.WriteAllText(mended, "");
        (await Cluster.Run("retry", id)).Exits(0);
        (await Cluster.Run("watch", id)).Exits(0);
        var trial = (await Cluster.Json("results", id))["trials"]![0]!;
        Assert.Equal([0, 0, 2, 2], Values(trial, "start"));
        Assert.Equal([0, 0, 2, 2], Values(trial, "known"));
        await Cluster.IsWell();
    }

    [Fact]
    public async Task APausedProgramIsStoppedAndGoesOnFromItsLastCheckpoint()
    {
        // Its third epoch takes until a file outside is there.
        string gate = Cluster.PathOf("gate");
        Cluster.Write("paused/train.sh", """
            epoch=$SWEEP_FROM_EPOCH
            while [ "$epoch" -lt "$SWEEP_EPOCHS" ]; do
                epoch=$((epoch + 1))
                while [ "$epoch" -eq 3 ] && [ ! -e "$1" ]; do sleep 0.05; done
                mkdir "$SWEEP_CHECKPOINT/e$epoch"
                echo "$epoch" > "$SWEEP_CHECKPOINT/e$epoch/state"
                echo "{\"epoch\": $epoch, \"start\": $SWEEP_FROM_EPOCH, \"checkpoint\": \"e$epoch\"}" >> "$SWEEP_METRICS"
            done
            """);
        string id = await Cluster.Submit(Cluster.Write("paused/sweep.yaml", $$"""
            name: paused
            program:
              run: [sh, train.sh, {{gate}}]
              files: [train.sh]
              metrics: {start: maximize}
              epochs: 4
              repeatable: true
            """));
        await Cluster.Journal("two epochs are there",
            $"SELECT COUNT(*) FROM measurement m JOIN trial t ON t.recipe = m.recipe WHERE t.sweep = '{id}'", n => n == 2);
        (await Cluster.Run("pause", id)).Exits(0);
        await Processes.Gone(gate);
        File.WriteAllText(gate, "");
        (await Cluster.Run("resume", id)).Exits(0);
        (await Cluster.Run("watch", id)).Exits(0);
        var results = await Cluster.Json("results", id);
        Assert.Equal([0, 0, 2, 2], Values(results["trials"]![0]!, "start"));
    }

    [Fact]
    public async Task AProgramThatIsNotThereFailsWithItsName()
    {
        var results = await two.Ran("absent/sweep.yaml", code: 4, """
            name: absent
            program: {run: [no-such-program, --help], metrics: {loss: minimize}}
            """);
        Assert.Contains("no-such-program", results["trials"]![0]!["reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static double[] Values(JsonNode trial, string metric) =>
        [.. trial["measurements"]!.AsArray().Select(m => m!["metrics"]![metric]?.GetValue<double>() ?? double.NaN)];

    private static string Recipe(JsonNode results) => results["trials"]![0]!["recipe"]!.GetValue<string>();
}
