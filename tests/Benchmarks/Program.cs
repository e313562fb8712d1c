using Benchmarks;
using Benchmarks.Effects;
using Benchmarks.Journal;
using Benchmarks.Recovery;
using Benchmarks.Search;
using Benchmarks.Sweeps;

if (args is ["training", ..]) return TrainingBenchmark.Run(args[1..]);
if (args is ["ours", ..]) return TrainingBenchmark.Ours(args[1..]);
if (args is ["product", ..]) return ProductBenchmark.Run(args[1..]);
if (args is ["memory", ..]) return MemoryBenchmark.Run(args[1..]);
if (args is ["journal", ..]) return JournalBenchmark.Run(args[1..]);
if (args is ["transport", ..]) return TransportBenchmark.Run(args[1..]);
if (args is ["recovery", ..]) return RecoveryBenchmark.Run(args[1..]);
if (args is ["sweeps", ..]) return SweepBenchmark.Run(args[1..]);
if (args is ["effects", ..]) return EffectsBenchmark.Run(args[1..]);
if (args is ["accuracy", ..]) return AccuracyCheck.Run(args[1..]);
if (args is ["search", ..]) return SearchBenchmark.Run(args[1..]);
Console.Error.WriteLine("""
    usage: dotnet run -c Release --project tests/Benchmarks -- <what>
      training [--slices 7] [--seconds 1] [--only dense]   steps per second beside eager TorchSharp and PyTorch → docs/benchmarks/training.md
      ours [--seconds 5] [--only dense]                    ours alone, for a profiler
      product [--slices 7] [--seconds 0.2]                 the own matrix product beside torch.mm → docs/benchmarks/product.md
      journal [--turns 5] [--trials 4000] [--large 100000] empty trainings per second beside Optuna, and a coordinator of 100,000 trials → docs/benchmarks/journal.md
      journal --against FOLDER [--turns 5] [--trials 4000] empty trainings per second beside those of another checkout, built → docs/benchmarks/journal-against.md
      transport [--turns 7] [--trials 4000]                sockets in the home beside TCP on loopback: empty trainings on two silos, and calls → docs/benchmarks/transport.md
      memory                                               20,000 updates: memory and tensors before and after, and the peak → docs/benchmarks/memory.md
      recovery [--faults 20]                               from a fault until a training is measured again; build Client first → docs/benchmarks/recovery.md
      accuracy [--replicates 5] [--epochs 5] [--limit 10000] [--divisor 1] [--bf16-divisor 1] [--threads N] [--only "CNN Explicit"]   paired differences on fashion-mnist → docs/benchmarks/accuracy.md
      effects [--draws 2000]                               coverage, false finds and power of `sweep compare` on simulated sweeps → docs/benchmarks/effects.md
      search [--all] [--repetitions 30] [--threads 2] [--only Branin,7593] [--samplers auto,hill] [--data FOLDER] [--report FILE]   regret of every sampler → docs/benchmarks/search.md
      sweeps slots|homework [--turns 3] [--replicates 2]   whole sweeps beside a plain loop, and beside eager PyTorch → docs/benchmarks/sweeps-*.md
    """);
return 1;
