namespace Grains.Training;

/// <summary>
/// Names the code that makes the numbers: the hash of its sources, written by deploy/build/NumericPath.targets at build. Data readers are
/// not in it: what they make has a digest of its own.
/// </summary>
public static partial class NumericPath;
