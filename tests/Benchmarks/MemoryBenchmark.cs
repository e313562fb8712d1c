using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grains.Training;
using Grains.Training.Numerics;
using TorchSharp;

namespace Benchmarks;

/// <summary>
/// Checks that 20,000 updates of each kind of training leave nothing behind, and measures what a training takes while it runs.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Steps = 20_000;

    /// <summary>The megabytes by which the heap and torch's allocator may breathe.</summary>
    private const double Flat = 20;

    /// <param name="args">Nothing, or the number of one training, which is then trained in this process.</param>
    public static int Run(string[] args)
    {
        var trainings = Trainings().ToList();
        if (args is [var number]) return Train(trainings[int.Parse(number, CultureInfo.InvariantCulture)]);
        var table = new StringBuilder("| training | updates | " +
            "resident before them, MB | after them | peak above the start | tensors before → after |\n|---|--:|--:|--:|--:|--:|\n");
        bool flat = true;
        for (int i = 0; i < trainings.Count; i++)
        {
            // Memory that one training leaves to the allocator would hide the peak of the next.
            using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
                ["memory", $"{i}"])
            { RedirectStandardOutput = true })!;
            string row = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            flat &= process.ExitCode == 0;
            table.Append(row);
            Console.Write(row);
        }
        Console.WriteLine(flat ? "flat" : "NOT FLAT");
        Repository.Write("docs/benchmarks/memory.md", $"""
            # Memory of a training
            Written by `dotnet run -c Release --project tests/Benchmarks -- memory`, which fails when memory grows by {Flat:F0} MB or a tensor stays. Each training in a process of its own,
            after half as many updates that are not counted; the peak is the process's, less what it held when the training was made: weights, moments, gradients, activations and the code compiled for it.

            {table}
            ## Machine
            {TrainingBenchmark.Machine()}

            """);
        return flat ? 0 : 1;
    }

    private static int Train((Workload Workload, int Steps, bool General) training)
    {
        var (workload, steps, general) = training;
        NumericThread.Prepare();
        var data = workload.Data();
        long tensors = torch.Tensor.TotalCount;
        double start = Resident(), first, last;
        ForgetPeak();
        using (var loop = workload.Loop(data, general))
        {
            // Half as many updates run before. Until then the heap finds its size, and code is compiled twice.
            int perEpoch = (workload.Samples + workload.Batch - 1) / workload.Batch;
            for (int done = 0; done < steps / 2; done += perEpoch) loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
            first = Resident();
            for (int done = 0; done < steps; done += perEpoch) loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
            last = Resident();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {workload.Name} | {steps:N0} | {first:F0} | {last:F0} | {Peak() - start:F0} | {tensors} → {torch.Tensor.TotalCount} |"));
        return last - first < Flat && torch.Tensor.TotalCount == tensors ? 0 : 1;
    }

    /// <summary>
    /// The peak is measured on the full networks, because 20,000 of their updates take hours. Small batches pass through the same code.
    /// </summary>
    private static IEnumerable<(Workload Workload, int Steps, bool General)> Trainings()
    {
        var all = Workload.All.Where(w => w.IsForThisProcessor).ToList();
        foreach (var dense in all.Where(w => w.Peer != "cnn" && w.Peer != "half")) yield return (dense, Steps, false);
        yield return (all[0] with { Name = "DENSE by autograd, batch 8", Batch = 8, Samples = 800 }, Steps, true);
        var half = all.Single(w => w.Peer == "half");
        yield return (half with { Name = "CNN, half filters, batch 2", Batch = 2, Samples = 200 }, Steps, false);
        foreach (var cnn in all.Where(w => w.Peer is "cnn" or "half")) yield return (cnn, 20, false);
    }

    private static double Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Status("VmRSS");
    }

    private static double Peak() => Status("VmHWM");

    /// <summary>Makes Linux count the peak anew.</summary>
    private static void ForgetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static double Status(string what) =>
        double.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(what, StringComparison.Ordinal)).Split(' ',
            StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
}
