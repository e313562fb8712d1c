using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Samplers;

namespace Tests.Unit.Search;

public sealed class AutoSamplerTests : LearnerContract
{
    protected override ISampler Sampler { get; } = SamplerOf.Kind(SamplerKind.Auto);
}
