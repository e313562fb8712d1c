using Grains.Interfaces.Model;

namespace Grains.Storage.Checkpoints;

/// <summary>
/// A checkpoint's bytes are not those that its name promises. The file was moved aside, and the training starts from an earlier one.
/// </summary>
public sealed class CheckpointDamagedException(string file, Digest digest, Digest found) : IOException(
    $"{file}: holds bytes of digest {found.Short}…, not {digest}. The file is now {file}.damaged; train again from an earlier checkpoint.")
{
    public string File { get; } = file;

    public Digest Digest { get; } = digest;
}
