using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search.Samplers;
using Grains.Search.Schedulers;

namespace Grains.Search.Setup;

/// <summary>Makes the search of a plan, with the sampler and the scheduler that its spec names.</summary>
public static class SearchSetup
{
    public static SearchRun Of(SearchPlan plan)
    {
        var search = plan.Spec.Search;
        return new SearchRun(plan, search.Sampler.IsListed() ? null : SamplerOf.Kind(search.Sampler),
            SchedulerOf.Search(search, Rungs.Of(search, plan.Budget)));
    }
}
