using Grains.Hosting;
using Grains.Leases;
using Grains.Programs;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Sweeps;
using Grains.Training;
using Grains.Training.Data;
using Grains.Trainings;
using Microsoft.Extensions.DependencyInjection;

namespace Grains;

/// <summary>Registers the services that the grains of a silo are given.</summary>
public static class SweepServices
{
    /// <param name="checkpoints">The folder, which is created when missing.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options break a rule.</exception>
    public static IServiceCollection AddSweep(this IServiceCollection services, JournalDatabase journal, string checkpoints,
        SweepOptions options)
    {
        SweepOptionsRules.Require(options);
        return services
#pragma warning disable RS0030 // This is the place where the clock is chosen that all others are given.
            .AddSingleton(TimeProvider.System).AddSingleton(options)
#pragma warning restore RS0030
            .AddSingleton(journal).AddSingleton<JournalWriter>().AddSingleton<JournalReader>()
            .AddSingleton(new CheckpointStore(checkpoints))
            .AddSingleton<CheckpointCache>(s => new CheckpointCache(s.GetRequiredService<CheckpointStore>()))
            .AddSingleton(new DatasetCache(new DatasetCacheOptions()))
            .AddSingleton<ITrainingProgram>(s => new ClassifierProgram(
                s.GetRequiredService<StartingWeights>(), s.GetRequiredService<DatasetCache>(), options))
            .AddSingleton<ITrainingProgram, CommandProgram>()
            .AddSingleton<RecordedProgram>().AddSingleton<ITrainingProgram>(s => s.GetRequiredService<RecordedProgram>())
            .AddSingleton<TrainingPrograms>()
            .AddSingleton<SweepLayout>().AddSingleton<SweepPreparation>().AddSingleton<Perseverance>().AddSingleton<SweepFacts>()
            .AddSingleton<SweepTallies>().AddSingleton<SweepEffects>()
            .AddSingleton<SiloIdentity>().AddSingleton<StartingWeights>().AddSingleton<TrainingRunner>();
    }
}
