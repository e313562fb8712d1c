using System.Globalization;
using Grains.Training;
using TorchSharp;

namespace Benchmarks;

/// <summary>20,000 updates of each dense workload must leave nothing behind.</summary>
internal static class MemoryBenchmark
{
    private const int Steps = 20_000;

    public static int Run()
    {
        NumericThread.Prepare();
        bool flat = true;
        foreach (var workload in Workload.All.Where(w => w.Peer is "dense" or "densenorm"))
        {
            long tensors = torch.Tensor.TotalCount;
            using (var loop = workload.Loop(workload.Data()))
            {
                int epochs = (int)Math.Ceiling(Steps / Math.Ceiling((double)workload.Samples / workload.Batch));
                for (int i = 0; i < 5; i++) loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
                double before = Megabytes();
                for (int i = 0; i < epochs; i++) loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
                double after = Megabytes();
                flat &= after - before < 20;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload.Name}: {Steps} updates, resident {before:F0} MB → {after:F0} MB"));
            }
            flat &= torch.Tensor.TotalCount == tensors;
            Console.WriteLine($"{workload.Name}: tensors {tensors} → {torch.Tensor.TotalCount}");
        }
        Console.WriteLine(flat ? "flat" : "NOT FLAT");
        return flat ? 0 : 1;
    }

    private static double Megabytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet / 1048576.0;
    }
}
