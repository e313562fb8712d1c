using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search.Schedulers;

/// <summary>Makes the scheduler that a search names.</summary>
public static class SchedulerOf
{
    public static IScheduler Search(SearchSpec search, Rungs rungs) => search.Scheduler switch
    {
        SchedulerKind.Full => new FullBudget(),
        SchedulerKind.Median => new Median(rungs, search.Parallelism),
        SchedulerKind.Patience => new Patience(rungs),
        SchedulerKind.Screening or SchedulerKind.Halving or SchedulerKind.Hyperband =>
            new Cohorts(rungs, Bracket.Of(search.Scheduler, rungs)),
        SchedulerKind.Asha => new Asha(rungs),
        var other => throw new InvalidOperationException($"No scheduler {other}."),
    };
}
