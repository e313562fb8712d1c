using Grains.Interfaces.Model;
using Grains.Training.Numerics;

namespace Grains.Training.Models;

/// <summary>
/// While it lasts, torch's autocast lets convolutions and linear layers of this thread compute in bfloat16. Weights, their gradients and
/// the optimizer stay in float32. For <see cref="Precision.Float32"/> it does nothing.
/// </summary>
internal readonly ref struct Autocast
{
    private const sbyte Cpu = 0;
    private readonly bool _on;

    /// <exception cref="SpecException">This libtorch has no such switch under the name that Linux gives it.</exception>
    public Autocast(Precision precision)
    {
        _on = precision == Precision.BFloat16;
        if (!_on) return;
        // The optimizer writes weights behind torch's back, so that a cached cast would be an old one.
        try
        {
            Native.SetAutocastCache(false);
            Native.SetAutocast(Cpu, true);
        }
        catch (EntryPointNotFoundException)
        {
            throw new SpecException("precision: bf16 needs libtorch's autocast, which cannot be reached on this platform. Use fp32.");
        }
    }

    public void Dispose()
    {
        if (_on) Native.SetAutocast(Cpu, false);
    }
}
