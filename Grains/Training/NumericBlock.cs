namespace Grains.Training;

/// <summary>A part of the code that makes a training's numbers, with a version of its own.</summary>
/// <param name="Name">The name in recipes, in lower-case letters and digits.</param>
/// <param name="Version">The version, counted from 1. It is raised when the block may give other numbers than before.</param>
/// <param name="Types">The types whose compiled code the block is. A nested type belongs to the type around it.</param>
public sealed record NumericBlock(string Name, int Version, params IReadOnlyList<Type> Types)
{
    /// <summary>The block as a recipe names it, such as "adam:1".</summary>
    public override string ToString() => $"{Name}:{Version}";
}
