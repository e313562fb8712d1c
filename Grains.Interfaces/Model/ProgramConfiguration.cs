namespace Grains.Interfaces.Model;

/// <summary>
/// What a training program is set to in one point, in the form in which it acts. It is a closed family, one member per kind of program.
/// </summary>
public abstract record ProgramConfiguration
{
    /// <summary>The canonical JSON. Two points that act alike have the same.</summary>
    public string Json() => Canonical.Json(this);
}
