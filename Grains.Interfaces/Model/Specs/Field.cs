namespace Grains.Interfaces.Model.Specs;

/// <summary>A key of the sweep file that holds one value.</summary>
/// <param name="Name">The name, as it is written in the file.</param>
/// <param name="Domain">The values that it may hold.</param>
/// <param name="Default">The value that is taken where the file says nothing; null for none.</param>
/// <param name="Doc">The description in one line, with the unit.</param>
public record Field(string Name, Domain Domain, SettingValue? Default, string Doc)
{
    public bool Required { get; init; }

    public Field(string name, Domain domain, double @default, string doc) : this(name, domain, new NumberValue(@default), doc)
    {
    }
}
