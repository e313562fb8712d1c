using Grains.Interfaces.Model.Networks;
using Grains.Training.Data;
using Grains.Training.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Grains.Training.Engines;

/// <summary>Gathers the images of a batch for the first layer. Legend: B batch, H W pixels.</summary>
internal sealed unsafe class BatchInput(Network network) : IDisposable
{
    private readonly int _pixels = network.Height * network.Width;
    private readonly BatchTensor _images = new(NetworkModel.Sample(network));
    private int[] _labels = [];
    private int _count;

    /// <summary>The number of images in the last batch, which everything here is about.</summary>
    public int Count => _count;

    /// <summary>The images as torch takes them.</summary>
    public Tensor Images => _images.Of(_count);

    /// <summary>The pixels, one image after the other.</summary>
    public float* Pixels => _images.Data;

    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count);

    /// <summary>Takes the images at <paramref name="indices"/>, in that order.</summary>
    public void Take(ImageSplit split, ReadOnlySpan<int> indices)
    {
        Reserve(indices.Length);
        var pixels = _images.Values(indices.Length);
        for (int b = 0; b < indices.Length; b++)
        {
            split.Pixels.AsSpan(indices[b] * _pixels, _pixels).CopyTo(pixels[(b * _pixels)..]);
            _labels[b] = split.Labels[indices[b]];
        }
    }

    /// <summary>Takes <paramref name="count"/> images from <paramref name="start"/> on.</summary>
    public void Take(ImageSplit split, int start, int count)
    {
        Reserve(count);
        split.Pixels.AsSpan(start * _pixels, count * _pixels).CopyTo(_images.Values(count));
        split.Labels.AsSpan(start, count).CopyTo(_labels);
    }

    public void Dispose() => _images.Dispose();

    private void Reserve(int count)
    {
        _count = count;
        _images.Reserve(count);
        if (_labels.Length < count) _labels = new int[count];
    }
}
