using Client;
using Client.Connecting;
using Grains.Interfaces;
using Grains.Interfaces.Model;

namespace Tests.Faults.Robust;

/// <summary>
/// Trainings diverge, are cut off by crashes, and are cancelled, in an order that nobody planned. Nothing is tried for ever, nothing is
/// prepared for ever, and the doctor knows at every step.
/// </summary>
public sealed class RandomOrderTests
{
    private const int Steps = 200, MostLiving = 12, MostCrashes = 4;

    /// <summary>The bound for attempts that a training begins and ends by itself without an epoch, between two requests for it.</summary>
    private const int Bound = 1;

    private readonly List<SweepId> _sweeps = [];
    private int _submitted, _asked, _crashes;

    [Theory]
    [InlineData(11)]
    public async Task NothingIsTriedOrPreparedForEverAndTheDoctorKnows(int seed)
    {
        await using var home = new Home();
        await home.Sweep("cluster", "up", "--silos", "2", "--slots", "2");
        var random = new Random(seed);
        await using (var connection = await ClusterConnection.Open(new SweepHome(home.Path), TestContext.Current.CancellationToken))
        {
            for (int step = 1; step <= Steps; step++)
            {
                string what = await Step(random, home, connection);
                await Check(home, connection, $"step {step} of seed {seed}, {what}");
            }
            foreach (var sweep in _sweeps) await Try(() => connection.Sweep(sweep).Cancel(Token));
            await Check(home, connection, "the end");
            await Home.Until("no attempt is under way",
                () => Task.FromResult(home.Ask("SELECT COUNT(*) FROM attempt WHERE ended IS NULL") == 0));
            Assert.Equal(0, home.Ask("SELECT COUNT(*) FROM demand"));
        }
        // The steps must have done what the test is about.
        Assert.True(home.Ask("SELECT COUNT(*) FROM failure WHERE class = 'Diverged'") > 0, "Nothing diverged.");
        Assert.True(home.Ask($"SELECT COUNT(*) FROM sweep s WHERE s.state = 'Cancelled' AND {Unprepared}") > 0,
            "No sweep was cancelled while it was prepared.");
        Assert.True(home.Ask("SELECT COUNT(*) FROM attempt WHERE outcome IN ('Crashed', 'Forgiven')") > 0, "No crash was charged.");
    }

    private async Task<string> Step(Random random, Home home, ClusterConnection connection)
    {
        int kind = random.Next(100);
        if (_sweeps.Count == 0 || (kind < 30 && _sweeps.Count < MostLiving)) return await Submit(random, home, connection);
        var sweep = _sweeps[random.Next(_sweeps.Count)];
        if (kind >= 97 && _crashes < MostCrashes && Trainer(home) is { } pid)
        {
            _crashes++;
            await Home.Until($"silo process {pid} is gone", () =>
            {
                if (!Directory.Exists($"/proc/{pid}")) return Task.FromResult(true);
                // The runtime takes the first signal for one of its own.
                Home.Signal(pid, "SEGV");
                return Task.FromResult(false);
            });
            return $"crash of {pid}";
        }
        switch (kind % 7)
        {
            case 0 or 1:
                _asked++;
                return await Try(() => connection.Sweep(sweep).Retry(random.Next(2) == 0 ? null : 1, Token), $"retry {sweep}");
            case 2: return await Try(() => connection.Sweep(sweep).Cancel(Token), $"cancel {sweep}");
            case 3:
                _sweeps.Remove(sweep);
                return await Try(() => connection.Sweep(sweep).Delete(Token), $"delete {sweep}");
            case 4: return await Try(() => connection.Sweep(sweep).Pause(Token), $"pause {sweep}");
            case 5: return await Try(() => connection.Sweep(sweep).Resume(Token), $"resume {sweep}");
            default:
                var extension = random.Next(2) == 0
                    ? new SweepExtension(Epochs: random.Next(2, 9))
                    : new SweepExtension(Replicates: random.Next(1, 4));
                return await Try(() => connection.Sweep(sweep).Extend(extension, $"{random.Next()}", Token), $"extend {sweep} {extension}");
        }
    }

    /// <summary>Submits many sweeps of few recipes, so that they share trainings.</summary>
    private async Task<string> Submit(Random random, Home home, ClusterConnection connection)
    {
        // An epoch of the long ones is never finished, so only a crash, or a person, ends their attempts.
        var (name, images, model, rate, epochs) = random.Next(4) switch
        {
            0 or 1 => ("diverged", 64, "{kind: dense, hidden: [8]}", "1e30", random.Next(1, 5)),
            2 => ("sound", 64, "{kind: dense, hidden: [8]}", "1e-3", random.Next(1, 30)),
            _ => ("long", 20_000, "{kind: cnn, filters: [64, 64, 64], dense: [32]}", "1e-4", 2),
        };
        if (name == "long" && _sweeps.Count(s => s.Value.StartsWith(name, StringComparison.Ordinal)) >= 2)
            (name, images, model, rate, epochs) = ("diverged", 64, "{kind: dense, hidden: [8]}", "1e30", 3);
        string text = $$"""
            name: {{name}}
            data: {source: xray-phantom, train: {{images}}, validation: 16, test: 16}
            model: {{model}}
            training: {optimizer: sgd, batch_size: 16, epochs: {{epochs}}}
            parameters:
              learning_rate: {values: [{{rate}}]}
            """;
        var id = new SweepId($"{name}-{++_submitted:000000}");
        _sweeps.Add(id);
        _asked++;
        string what = await Try(() => connection.Sweep(id)
            .Submit(new SubmitRequest(text, home.Path, "random.yaml", null, NoReuse: random.Next(4) == 0), Token), $"submit {id}");
        // Some are cancelled while their coordinator prepares them.
        return random.Next(4) > 0 ? what : $"{what}, {await Try(() => connection.Sweep(id).Cancel(Token), "cancelled at once")}";
    }

    /// <summary>The part of a query that a sweep's row fulfils which was never prepared.</summary>
    private const string Unprepared = "NOT EXISTS (SELECT 1 FROM sweep_event e WHERE e.sweep = s.id AND e.kind = 'Prepared')";

    /// <summary>
    /// Checks what a person would see within moments. Nobody prepares, the doctor is content, and no training was begun in vain more often
    /// than asked for.
    /// </summary>
    private async Task Check(Home home, ClusterConnection connection, string after)
    {
        await Home.Until($"nothing is being prepared after {after}", () => Task.FromResult(
            home.Ask("SELECT COUNT(*) FROM sweep WHERE state = 'Preparing'") == 0), seconds: 60);
        Assert.True(home.Ask($"SELECT COUNT(*) FROM trial t JOIN sweep s ON s.id = t.sweep WHERE {Unprepared}") == 0,
            $"After {after} trials are left of a sweep that was never prepared.");
        string[] faults = [];
        for (int look = 0; look < 150; look++)
        {
            // A change that is under way at one moment may show as a fault and be gone at the next.
            faults = (await ClusterConnection.Ask(() => connection.Doctor.Examine(Token), Token)).Faults;
            if (faults.Length == 0) break;
            await Task.Delay(200, Token);
        }
        Assert.True(faults.Length == 0, $"After {after} the doctor finds: {string.Join('\n', faults)}");
        long vain = home.Ask(
            """
            SELECT COALESCE(MAX(n), 0) FROM (SELECT COUNT(*) AS n FROM attempt a WHERE a.outcome IN ('Met', 'Failed')
                AND NOT EXISTS (SELECT 1 FROM trained_epoch e WHERE e.recipe = a.recipe AND e.attempt = a.attempt) GROUP BY a.recipe)
            """);
        Assert.True(vain <= Bound, $"After {after} a training has ended {vain} attempts by itself without an epoch.");
        long begun = home.Ask("SELECT COUNT(*) FROM attempt"),
            lost = home.Ask("SELECT COUNT(*) FROM attempt WHERE outcome IN ('Lost', 'Crashed', 'OutOfMemory', 'Forgiven', 'Released')");
        Assert.True(begun - lost <= 8 * _asked, $"After {after}: {begun} attempts, {lost} of them cut off or given back, " +
            $"for {_asked} requests.");
    }

    private static int? Trainer(Home home) =>
        home.Ask("SELECT COUNT(*) FROM attempt a JOIN training r ON r.recipe = a.recipe WHERE a.ended IS NULL AND r.json " +
            "LIKE '%\"cnn\"%'") == 0 ? null
            : home.PidOf(home.Text("SELECT silo FROM attempt a JOIN training r ON r.recipe = a.recipe WHERE a.ended IS NULL AND r.json " +
                "LIKE '%\"cnn\"%' LIMIT 1"));

    /// <summary>Refusals are answers, and a person is told them.</summary>
    private static async Task<string> Try(Func<Task> call, string what = "")
    {
        try
        {
            await ClusterConnection.Ask(async () =>
            {
                await call();
                return true;
            }, Token);
            return what;
        }
        catch (SpecException e)
        {
            return $"{what}: {e.Message}";
        }
        catch (CommandException e) when (e.ExitCode == 2)
        {
            return $"{what}: {e.Message}";
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
