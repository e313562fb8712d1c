using Grains.Interfaces.Model;
using Grains.Training.Data;

namespace Tests.Unit.Data;

internal static class Load
{
    public static Dataset Of(DataSpec spec) => DatasetLoader.Load(spec, TestContext.Current.CancellationToken);

    /// <summary>Returns the complaint in which loading must end, and which must contain every part.</summary>
    public static void Refuses(DataSpec spec, params string[] parts)
    {
        string message = Assert.Throws<SpecException>(() => Of(spec)).Message;
        Assert.All(parts, part => Assert.Contains(part, message));
    }
}
