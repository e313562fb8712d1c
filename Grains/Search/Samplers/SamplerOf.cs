using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search.Samplers.Auto;
using Grains.Search.Samplers.CmaEs;
using Grains.Search.Samplers.GaussianProcess;
using Grains.Search.Samplers.Grid;
using Grains.Search.Samplers.Random;
using Grains.Search.Samplers.Sobol;
using Grains.Search.Samplers.Tpe;

namespace Grains.Search.Samplers;

/// <summary>The sampler that a file's word names.</summary>
public static class SamplerOf
{
    public static ISampler Kind(SamplerKind kind) => kind switch
    {
        SamplerKind.Grid => new GridSampler(),
        SamplerKind.Random => new RandomSampler(),
        SamplerKind.Sobol => new SobolSampler(),
        SamplerKind.Gp => new GaussianProcessSampler(),
        SamplerKind.Tpe => new TpeSampler(),
        SamplerKind.CmaEs => new CmaEsSampler(),
        SamplerKind.Auto => new AutoSampler(),
        _ => throw new InvalidOperationException($"No sampler {kind}."),
    };
}
