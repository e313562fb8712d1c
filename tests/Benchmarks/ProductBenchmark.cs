using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Grains.Training;
using Grains.Training.Explicit;
using Grains.Training.Numerics;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// Compares our matrix product with torch.mm (MKL), in turns, as GFLOP/s by shape. Legend: C (M, N) = A (M, K) · B (K, N).
/// </summary>
internal static unsafe class ProductBenchmark
{
    private static readonly (string Name, int M, int N, int K, bool ATransposed, bool BTransposed)[] s_shapes =
    [
        ("DENSE 1, forward", 300, 64, 1024, false, true),
        ("DENSE 1, weights", 300, 1024, 64, false, false),
        ("DENSE 2, forward", 150, 64, 300, false, false),
        ("DENSE 2, weights", 150, 300, 64, false, true),
        ("DENSE 2, input", 300, 64, 150, true, false),
        ("CNN 3, forward", 128, 64, 128, false, false),
        ("CNN 3, input", 128, 64, 128, true, false),
        ("CNN 3, weights", 128, 128, 64, false, true),
        ("CNN 5, forward", 256, 64, 256, false, false),
        ("CNN 5, input", 256, 64, 256, true, false),
        ("CNN 5, weights", 256, 256, 64, false, true),
        ("square", 1024, 1024, 1024, false, false),
    ];

    public static int Run(string[] args)
    {
        int slices = int.Parse(Arguments.Value(args, "--slices", "7"), CultureInfo.InvariantCulture);
        double seconds = double.Parse(Arguments.Value(args, "--seconds", "0.2"), CultureInfo.InvariantCulture);
        NumericThread.Prepare();
        string table = Table(slices, seconds);
        Console.WriteLine(table);
        Repository.Write("docs/benchmarks/product.md", string.Create(CultureInfo.InvariantCulture, $"""
            # The matrix product of ADR 12
            Written by `dotnet run -c Release --project tests/Benchmarks -- product`: our product beside `torch.mm` (MKL) in the products of a DENSE step and of the Winograd coordinates of
            a CNN step. GFLOP/s of one thread's CPU time, medians of {slices} turns of {seconds} s; ratios are medians of the ratios within a turn.

            {table}
            ## Machine
            {TrainingBenchmark.Machine()}

            """));
        return 0;
    }

    private static string Table(int slices, double seconds)
    {
        var table = new StringBuilder("| product | M × N × K | ours, GFLOP/s | torch.mm | ours / torch.mm |\n|---|---|---|---|---|\n");
        using var product = new MatrixProduct();
        foreach (var (name, m, n, k, aTransposed, bTransposed) in s_shapes)
        {
            using var a = rand(aTransposed ? k : m, aTransposed ? m : k);
            using var b = rand(bTransposed ? n : k, bTransposed ? k : n);
            using var aView = aTransposed ? a.t() : a.alias();
            using var bView = bTransposed ? b.t() : b.alias();
            using var c = zeros(m, n);
            fixed (float* aData = MemoryMarshal.Cast<byte, float>(a.bytes), bData = MemoryMarshal.Cast<byte, float>(b.bytes),
                cData = MemoryMarshal.Cast<byte, float>(c.bytes))
            {
                var (aMatrix, bMatrix) = (aTransposed ? new Matrix(aData, 1, m) : new Matrix(aData, k, 1),
                    bTransposed ? new Matrix(bData, 1, k) : new Matrix(bData, n, 1));
                float* cMatrix = cData;
                double operations = 2e-9 * m * n * k;
                void Own() => product.Multiply(aMatrix, bMatrix, cMatrix, n, m, n, k);
                void Torch() => mm(aView, bView).Dispose();
                Rate(Own, seconds);
                Rate(Torch, seconds);
                var turns = Enumerable.Range(0, slices)
                    .Select(_ => (Own: Rate(Own, seconds) * operations, Torch: Rate(Torch, seconds) * operations)).ToArray();
                double Middle(Func<(double Own, double Torch), double> value) => turns.Select(value).Order().ElementAt(slices / 2);
                table.Append(CultureInfo.InvariantCulture, $"| {name} | {m} × {n} × {k} | {Middle(t => t.Own):F0} | " +
                    $"{Middle(t => t.Torch):F0} | {Middle(t => t.Own / t.Torch):F2}× |\n");
            }
        }
        return table.ToString();
    }

    private static double Rate(Action work, double seconds)
    {
        double start = ThreadClock.Seconds;
        int count = 0;
        do
        {
            for (int i = 0; i < 10; i++) work();
            count += 10;
        }
        while (ThreadClock.Seconds - start < seconds);
        return count / (ThreadClock.Seconds - start);
    }
}
