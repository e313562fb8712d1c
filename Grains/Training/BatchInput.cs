using Grains.Interfaces.Model.Networks;
using Grains.Training.Data;
using Grains.Training.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Grains.Training;

/// <summary>Gathers the images of a batch for the first layer. Legend: B batch, H W pixels.</summary>
internal sealed class BatchInput(Network network) : IDisposable
{
    private readonly int _pixels = network.Height * network.Width;
    private readonly BatchTensor _images = new(NetworkModel.Sample(network));
    private int[] _labels = [];
    private int _count;

    /// <summary>Of the batch that was taken last.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count);

    /// <summary>The images at <paramref name="indices"/>, in that order.</summary>
    public Tensor Take(ImageSplit split, ReadOnlySpan<int> indices)
    {
        var x_BHW = Reserve(indices.Length);
        var pixels = _images.Values(indices.Length);
        for (int b = 0; b < indices.Length; b++)
        {
            split.Pixels.AsSpan(indices[b] * _pixels, _pixels).CopyTo(pixels[(b * _pixels)..]);
            _labels[b] = split.Labels[indices[b]];
        }
        return x_BHW;
    }

    /// <summary><paramref name="count"/> images from <paramref name="start"/> on.</summary>
    public Tensor Take(ImageSplit split, int start, int count)
    {
        var x_BHW = Reserve(count);
        split.Pixels.AsSpan(start * _pixels, count * _pixels).CopyTo(_images.Values(count));
        split.Labels.AsSpan(start, count).CopyTo(_labels);
        return x_BHW;
    }

    public void Dispose() => _images.Dispose();

    private Tensor Reserve(int count)
    {
        _count = count;
        if (_labels.Length < count) _labels = new int[count];
        return _images.Of(count);
    }
}
