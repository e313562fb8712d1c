using System.CommandLine;
using System.Diagnostics;
using Client.Connecting;
using Client.LocalCluster;
using Client.Rendering;
using Client.Telemetry;
using Client.Watching;
using Grains.Interfaces.Model;

namespace Client.Commands;

/// <summary>Runs a whole sweep on a cluster of its own. The cluster ends with the command, however the command ends.</summary>
internal static class DemoCommand
{
    private const int Silos = 3, Slots = 1;

    public static Command Create()
    {
        var keep = new Option<bool>("--keep") { Description = "Keep the home, to ask it more afterwards." };
        var trace = Verb.TraceConsole();
        var command = new Command("demo", "Starts a cluster of three silos in a temporary home, runs a small sweep on it, " +
            "shows the results, and stops it.") { keep, trace };
        command.SetAction((parsed, cancellationToken) => Run(parsed.GetValue(keep), parsed.GetValue(trace), cancellationToken));
        return command;
    }

    private static async Task<int> Run(bool keep, bool traceConsole, CancellationToken cancellationToken)
    {
        var spec = EmbeddedSpec();
        var home = new SweepHome(Directory.CreateTempSubdirectory("sweep-demo-").FullName);
        home.Create();
        ClusterPlan.Of(Silos, Slots, previous: null).Write(home);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var parent = ParentWatch.OfDotNetRun(stop);
        using var supervisor = LocalClusterControl.StartSupervisor(home, lifeline: true, ephemeral: !keep, traceConsole);
        try
        {
            return await Show(home, spec, supervisor, traceConsole, stop.Token);
        }
        finally
        {
            await LocalClusterControl.CutLifeline(home, supervisor);
            if (keep)
                Output.Line($"\nKept: {SweepHome.Variable}={home.Path} sweep cluster up   then e.g. sweep results last, sweep trace last");
            else if (Directory.Exists(home.Path)) Directory.Delete(home.Path, recursive: true);
        }
    }

    private static async Task<int> Show(SweepHome home, SpecFile spec, Process supervisor, bool traceConsole,
        CancellationToken cancellationToken)
    {
        Output.Line($"Starting {Silos} silos × {Slots} slot in {home.Path} …");
        var begin = Stopwatch.GetTimestamp();
        await LocalClusterControl.WaitUntilReady(home, Silos, supervisor, cancellationToken);
        Output.Line($"The cluster is up after {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s.");

        await using var connection = await ClusterConnection.Open(home, cancellationToken);
        using var tracing = new ClientTracing(traceConsole);
        var id = await Submission.Submit(connection, SpecCheck.Read(spec).Name, spec, tracing, cancellationToken);
        Output.Line($"Submitted {id}.");
        await Submission.WaitUntilPrepared(connection, id, cancellationToken);
        var summary = await Watcher.Follow(connection, id, cancellationToken, passing: true);

        var results = ResultsView.Parse(await ResultsCommand.Read(connection, id, cancellationToken));
        ResultsView.Print(results, Output.Terminal);
        ResultsView.PrintSilos(results);
        var spans = await TraceReading.Read(connection, id, cancellationToken);
        if (spans.Length > 0)
        {
            Output.Line("");
            Output.Line($"The trace, shortened ({spans.Length} spans; on a cluster that stays: sweep trace {id}):");
            Output.Write(TraceView.Tree(spans, TraceDetail.Outline));
        }
        return Watcher.ExitCode(summary);
    }

    private static SpecFile EmbeddedSpec()
    {
        using var stream = typeof(DemoCommand).Assembly.GetManifestResourceStream("demo.yaml")
            ?? throw CommandException.BadInput("this build of sweep carries no deploy/sweeps/demo.yaml.");
        using var reader = new StreamReader(stream);
        return new SpecFile(reader.ReadToEnd(), Path.GetTempPath(), "demo.yaml");
    }
}
