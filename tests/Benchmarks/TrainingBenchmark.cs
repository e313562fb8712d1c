using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Grains.Training;
using Grains.Training.Numerics;
using TorchSharp;

namespace Benchmarks;

/// <summary>
/// Compares ours, eager TorchSharp and eager PyTorch on the workloads of issue 5, in turns of one slice each. A ratio is the median of the
/// ratios within a turn, so that a neighbour's load meets both sides.
/// </summary>
internal static class TrainingBenchmark
{
    public static int Run(string[] args)
    {
        int slices = int.Parse(Arguments.Value(args, "--slices", "7"), CultureInfo.InvariantCulture);
        double seconds = double.Parse(Arguments.Value(args, "--seconds", "1"), CultureInfo.InvariantCulture);
        string only = Arguments.Value(args, "--only", "");
        NumericThread.Prepare();
        torch.random.manual_seed(0);

        var table = new StringBuilder();
        table.AppendLine("| workload | ours, samples/s | eager TorchSharp | eager PyTorch | ours / TorchSharp | ours / PyTorch | " +
            "at least (aim) | GFLOP/s | torch.mm | share |");
        table.AppendLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var workload in Chosen(args))
        {
            string row = Row(workload, slices, seconds);
            table.AppendLine(row);
            Console.WriteLine(row);
        }
        if (only.Length == 0) Repository.Write("docs/benchmarks/training.md", Document(table.ToString(), slices, seconds));
        return 0;
    }

    /// <summary>Runs one contestant without anybody beside it, for a profiler.</summary>
    public static int Ours(string[] args)
    {
        NumericThread.Prepare();
        double seconds = double.Parse(Arguments.Value(args, "--seconds", "5"), CultureInfo.InvariantCulture);
        foreach (var workload in Chosen(args))
        {
            using var ours = new Ours(workload);
            ours.Slice(0.2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload.Name}: {ours.Slice(seconds):F0} samples/s"));
        }
        return 0;
    }

    private static IEnumerable<Workload> Chosen(string[] args) =>
        Workload.All.Where(w => w.Name.Contains(Arguments.Value(args, "--only", ""), StringComparison.OrdinalIgnoreCase));

    private static string Row(Workload workload, int slices, double seconds)
    {
        if (!workload.IsForThisProcessor)
            return $"| {workload.Name} | this processor reports no bf16 | | | | | {workload.AtLeast}× ({workload.Aim}×) | | | |";
        using var ours = new Ours(workload);
        using var sharp = new EagerTorchSharp(workload);
        using var product = new TorchProduct();
        using var python = EagerPyTorch.Start(workload, seconds);
        IContestant?[] contestants = [ours, sharp, product, python];
        foreach (var contestant in contestants) contestant?.Slice(seconds);

        var turns = Enumerable.Range(0, slices).Select(_ => contestants.Select(c => c?.Slice(seconds) ?? double.NaN).ToArray()).ToList();
        double Middle(Func<double[], double> value) => turns.Select(value).Order().ElementAt(slices / 2);
        double flops = workload.Flops() * 1e-9;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {workload.Name} | {Middle(t => t[0]):F0} | {Middle(t => t[1]):F0} | " +
            $"{(python is null ? "not installed" : $"{Middle(t => t[3]):F0}")} | {Middle(t => t[0] / t[1]):F2}× | " +
            $"{(python is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{Middle(t => t[0] / t[3]):F2}×"))} | " +
            $"{workload.AtLeast}× ({workload.Aim}×) | " +
            $"{Middle(t => t[0] * flops):F0} | {Middle(t => t[2]):F0} | {Middle(t => t[0] * flops / t[2]):P0} |");
    }

    private static string Document(string table, int slices, double seconds) => $"""
        # Training speed
        Written by `dotnet run -c Release --project tests/Benchmarks -- training`. One thread; images of 32 × 32, 4 classes, Adam. DENSE is 1024→300→150→4; CNN has
        filters 64, 128, 128, 256, 256 with relu, dropout 0.3 and batch norm, then 512-128-4. Samples per second of the thread's **CPU time**, {slices} turns of {seconds:0.#} s slices in
        which each contestant has one; medians, and the ratios are medians of the ratios within a turn. Ours is whole epochs of `TrainingLoop`, shuffling and batch
        gathering included; the others slice their batches from one tensor. PyTorch and TorchSharp compute in fp32 in every row.

        {table}
        GFLOP/s counts the products and convolutions of ours; `torch.mm` is a product of two 1024 × 1024 matrices in the same turns: torch's peak here, which our own
        product may exceed, and convolutions by Winograd make fewer operations than are counted. Where the time goes: [training-profile.md](training-profile.md); the same table
        from a processor without bf16: [training-intel.md](training-intel.md).

        {MachineWithPyTorch()}
        """;

    public static string MachineWithPyTorch() => $"""
        ## Machine
        {Machine()} PyTorch with OpenBLAS {EagerPyTorch.Version ?? "not installed: `apt-get install python3-torch libopenblas0-pthread` and run again"}.

        """;

    public static string Machine() =>
        $"{Benchmarks.Machine.Processor}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, " +
        $"{(Avx512F.IsSupported ? "AVX-512" : "no AVX-512")};" +
        $"\nTorchSharp {typeof(torch).Assembly.GetName().Version} on libtorch {torch.__version__}.";
}

internal static class Arguments
{
    /// <summary>What stands behind <paramref name="name"/>.</summary>
    public static string Value(string[] args, string name, string otherwise)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }
}
