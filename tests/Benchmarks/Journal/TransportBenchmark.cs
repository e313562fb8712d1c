using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Grains.Interfaces;
using Grains.Interfaces.Local;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Benchmarks.Journal;

/// <summary>Measures what sockets in the home cost, by turns with TCP on loopback.</summary>
internal static class TransportBenchmark
{
    private const int Asked = 100_000, AtOnce = 64;

    public static int Run(string[] args)
    {
        int turns = int.Parse(Arguments.Value(args, "--turns", "7"), CultureInfo.InvariantCulture);
        int trials = int.Parse(Arguments.Value(args, "--trials", "4000"), CultureInfo.InvariantCulture);
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        Console.WriteLine("warming up");
        foreach (bool sockets in new[] { false, true }) Turn.Measure(trials, sockets).GetAwaiter().GetResult();

        var pairs = new List<(Turn Tcp, Turn Sockets)>();
        for (int turn = 1; turn <= turns; turn++)
        {
            // The order changes, so that neither always has the warmer machine.
            bool first = turn % 2 == 0;
            var one = Turn.Measure(trials, first).GetAwaiter().GetResult();
            var two = Turn.Measure(trials, !first).GetAwaiter().GetResult();
            pairs.Add(first ? (two, one) : (one, two));
            Console.WriteLine(Row(turn.ToString(CultureInfo.InvariantCulture), pairs[^1].Tcp, pairs[^1].Sockets));
        }
        string document = Document(pairs, trials, load);
        Console.WriteLine(document);
        Repository.Write("docs/benchmarks/transport.md", document);
        return 0;
    }

    private static string Document(List<(Turn Tcp, Turn Sockets)> pairs, int trials, string load)
    {
        double Middle(Func<(Turn Tcp, Turn Sockets), double> value) => pairs.Select(value).Order().ElementAt(pairs.Count / 2);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # Sockets in the home beside TCP on loopback
            Written by `dotnet run -c Release --project tests/Benchmarks -- transport` with {Environment.ProcessorCount} processors; the load average before it was {load}.

            Each turn runs both, in changing order. Trainings: the journal benchmark's sweep of {trials:N0} empty trainings, on two silos of 32 slots each in one
            process, so that about half of the calls go over the wire. Calls: {Asked:N0} from a client to a silo, {AtOnce} at a time.

            | turn | TCP, trainings/s | sockets, trainings/s | TCP, CPU ms each | sockets, CPU ms each | TCP, calls/s | sockets, calls/s |
            |---|---|---|---|---|---|---|
            """);
        for (int i = 0; i < pairs.Count; i++) text.AppendLine(Row($"{i + 1}", pairs[i].Tcp, pairs[i].Sockets));
        text.AppendLine(Row("median", new(Middle(p => p.Tcp.Rate), Middle(p => p.Tcp.Cpu), Middle(p => p.Tcp.Calls)),
            new(Middle(p => p.Sockets.Rate), Middle(p => p.Sockets.Cpu), Middle(p => p.Sockets.Calls))));
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            Median of the turns' ratios, sockets to TCP: **{Middle(p => p.Sockets.Rate / p.Tcp.Rate):F2}** of the trainings per second, {Middle(p => p.Sockets.Cpu / p.Tcp.Cpu):F2} of the processor time of one,
            {Middle(p => p.Sockets.Calls / p.Tcp.Calls):F2} of the calls per second.
            """);
        return text.ToString();
    }

    private static string Row(string turn, Turn tcp, Turn sockets) => string.Create(CultureInfo.InvariantCulture,
        $"| {turn} | {tcp.Rate:F0} | {sockets.Rate:F0} | {tcp.Cpu:F2} | {sockets.Cpu:F2} | {tcp.Calls:F0} | {sockets.Calls:F0} |");

    private sealed record Turn(double Rate, double Cpu, double Calls)
    {
        public static async Task<Turn> Measure(int trials, bool sockets)
        {
            var sweep = await Sweep.OnTwoSilos(trials, sockets);
            return new Turn(sweep.Rate, sweep.Cpu, await CallsPerSecond(sockets));
        }

        private static async Task<double> CallsPerSecond(bool sockets)
        {
            using var folder = new ScratchFolder();
            await using var silo = await BenchmarkSilo.Start(folder.Path, slots: 0, sockets: sockets);
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.UseOrleansClient(client =>
            {
                client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, silo.Gateway));
                if (sockets) client.Services.UseLocalSockets(SocketFolder.Of(folder.Path));
            });
            using var host = builder.Build();
            await host.StartAsync();
            var grain = ((IGrainFactory)host.Services.GetService(typeof(IGrainFactory))!).GetGrain<IClusterGrain>(0);
            for (int i = 0; i < 2000; i++) await grain.Version();

            long begin = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
            {
                for (int i = 0; i < Asked / AtOnce; i++) await grain.Version();
            }));
            double rate = Asked / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            await host.StopAsync();
            return rate;
        }
    }
}
