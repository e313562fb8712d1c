using System.Diagnostics;
using System.Globalization;
using Grains.Interfaces.Model.Networks;
using Grains.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>Trains for a slice of time and says how many samples it took per second of its thread's CPU time.</summary>
internal interface IContestant : IDisposable
{
    double Slice(double seconds);
}

/// <summary>Trains whole epochs of the loop that trainings run.</summary>
internal sealed class Ours(Workload workload) : IContestant
{
    private readonly TrainingLoop _loop = workload.Loop(workload.Data());

    public double Slice(double seconds)
    {
        double start = ThreadClock.Seconds;
        int samples = 0;
        do
        {
            _loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
            samples += workload.Samples;
        }
        while (ThreadClock.Seconds - start < seconds);
        return samples / (ThreadClock.Seconds - start);
    }

    public void Dispose() => _loop.Dispose();
}

/// <summary>Trains with TorchSharp as its examples use it: modules, autograd, torch.optim, native dropout, and full precision.</summary>
internal sealed class EagerTorchSharp : IContestant
{
    private readonly int _batch;
    private readonly int _samples;
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly optim.Optimizer _optimizer;
    private readonly nn.Module<Tensor, Tensor, Tensor> _criterion = nn.CrossEntropyLoss();
    private readonly Tensor _images, _labels;

    public EagerTorchSharp(Workload workload)
    {
        var data = workload.Data();
        (_batch, _samples) = (workload.Batch, workload.Samples);
        _images = tensor(data.Train.Pixels, [_samples, 1, 32, 32]);
        _labels = tensor([.. data.Train.Labels.Select(l => (long)l)]);
        _model = nn.Sequential(workload.Network.Layers.Select(l => (l.Name, Of(l))));
        _model.train();
        _optimizer = optim.Adam(_model.parameters(), 1e-4);
    }

    public double Slice(double seconds)
    {
        double start = ThreadClock.Seconds;
        int samples = 0, place = 0;
        do
        {
            using var scope = NewDisposeScope();
            place = (place + _batch) % (_samples - _batch + 1);
            _optimizer.zero_grad();
            _criterion.call(_model.call(_images.narrow(0, place, _batch)), _labels.narrow(0, place, _batch)).backward();
            _optimizer.step();
            samples += _batch;
        }
        while (ThreadClock.Seconds - start < seconds);
        return samples / (ThreadClock.Seconds - start);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        _criterion.Dispose();
        _images.Dispose();
        _labels.Dispose();
    }

    private static nn.Module<Tensor, Tensor> Of(Layer layer) => layer switch
    {
        Convolution c => nn.Conv2d(c.InputChannels, c.Output[0], 3, padding: 1),
        Linear l => nn.Linear(l.Input, l.Output[0]),
        Normalization { Output.Length: 3 } n => nn.BatchNorm2d(n.Output[0]),
        Normalization n => nn.BatchNorm1d(n.Output[0]),
        Dropout d => nn.Dropout(d.Rate),
        MaxPooling => nn.MaxPool2d(2),
        Grains.Interfaces.Model.Networks.Flatten => nn.Flatten(),
        Nonlinearity { Activation.Kind: Grains.Interfaces.Model.ActivationKind.Elu } => nn.ELU(),
        Nonlinearity => nn.ReLU(),
        _ => throw new InvalidOperationException($"No module for {layer.GetType().Name}."),
    };
}

/// <summary>Runs peers/pytorch_bench.py in full precision in a process of its own, which waits while others are measured.</summary>
internal sealed class EagerPyTorch : IContestant
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Debian's torch takes whatever BLAS is installed. The reference BLAS is ten times slower and no peer.</summary>
    private const string Probe = "import torch; print(torch.__version__ if 'openblas' in open('/proc/self/maps').read() else '')";

    private readonly Process _process;

    private EagerPyTorch(Process process) => _process = process;

    /// <summary>Returns null where Debian's python3-torch with OpenBLAS is not installed.</summary>
    public static EagerPyTorch? Start(Workload workload, double seconds)
    {
        if (Version is null) return null;
        string script = Path.Combine(Repository.Root, "tests", "Benchmarks", "peers", "pytorch_bench.py");
        var process = Process.Start(new ProcessStartInfo(Python,
            [script, workload.Peer, $"{workload.Batch}", seconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["OPENBLAS_NUM_THREADS"] = "1", ["OMP_NUM_THREADS"] = "1" },
        })!;
        if (process.StandardOutput.ReadLine() == "ready") return new(process);
        throw new InvalidOperationException("pytorch_bench.py did not start.");
    }

    public static string? Version { get; } = ReadVersion();

    public double Slice(double seconds)
    {
        _process.StandardInput.WriteLine();
        string[] words = _process.StandardOutput.ReadLine()!.Split(' ');
        return double.Parse(words[0], CultureInfo.InvariantCulture) / double.Parse(words[1], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string? ReadVersion()
    {
        if (!File.Exists(Python)) return null;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", Probe])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string version = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 && version.Length > 0 ? version : null;
    }
}

/// <summary>Multiplies 1024 × 1024 matrices by torch.mm, which gives the machine's GFLOP/s as torch reaches them.</summary>
internal sealed class TorchProduct : IContestant
{
    private const int Size = 1024;
    private readonly Tensor _a = rand(Size, Size), _b = rand(Size, Size);

    public double Slice(double seconds)
    {
        double start = ThreadClock.Seconds;
        int count = 0;
        do
        {
            using var c = mm(_a, _b);
            count++;
        }
        while (ThreadClock.Seconds - start < seconds);
        return count * 2e-9 * Size * Size * Size / (ThreadClock.Seconds - start);
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }
}
