using Grains.Interfaces.Model.Specs;
using Grains.Search.Samplers.Grid;
using Grains.Search.Samplers.Random;
using Grains.Search.Samplers.Sobol;

namespace Grains.Search.Samplers;

/// <summary>The sampler that a file's word names.</summary>
public static class SamplerOf
{
    public static ISampler Kind(SamplerKind kind) => kind switch
    {
        SamplerKind.Grid => new GridSampler(),
        SamplerKind.Random => new RandomSampler(),
        SamplerKind.Sobol => new SobolSampler(),
        _ => new SobolSampler(),
    };
}
