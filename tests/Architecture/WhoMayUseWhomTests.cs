using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Tests.Architecture;

/// <summary>Checks "Who may use whom" of CONTRIBUTING against the compiled assemblies.</summary>
public sealed class WhoMayUseWhomTests
{
    private const string Model = "Grains.Interfaces.Model";

    private static readonly Assembly s_grains = Assembly.Load("Grains");
    private static readonly Assembly s_interfaces = Assembly.Load("Grains.Interfaces");

    [Theory]
    [InlineData("Grains.Training")]
    [InlineData("Grains.Analysis")]
    [InlineData("Grains.Search")]
    public void PureCodeUsesTheModelOnly(string ours)
    {
        // A rule about a missing folder would hold nothing.
        Assert.NotEmpty(UsesOf(ours));
        var wrong = UsesOf(ours).Where(
            u => IsForeign(u.Used, ours) || IsIn(u.Used, "Orleans") || IsIn(u.Used, "Microsoft.Extensions.Logging"));
        Holds(Sentences(wrong));
    }

    [Fact]
    public void StorageUsesTheModelOnly() =>
        Holds(Sentences(UsesOf("Grains.Storage").Where(u => IsForeign(u.Used, "Grains.Storage"))));

    /// <summary>A part that only looks has no way to write the journal, however many hands its parts go through.</summary>
    [Theory]
    [InlineData("Grains.Sweeps.SweepReaderGrain")]
    [InlineData("Grains.Checkups.DoctorGrain")]
    public void ReadersHaveNoWayToWriteTheJournal(string reader)
    {
        var seen = new HashSet<Type>();
        var parts = new Queue<Type>([s_grains.GetType(reader, throwOnError: true)!]);
        while (parts.TryDequeue(out var part))
        {
            if (!seen.Add(part) || !Uses.IsOurs(part)) continue;
            foreach (var parameter in part.GetConstructors().SelectMany(c => c.GetParameters())) parts.Enqueue(parameter.ParameterType);
        }
        Assert.Contains(seen, t => t.Name == "JournalReader");
        Assert.DoesNotContain(seen, t => t.Name == "JournalWriter");
    }

    [Fact]
    public void GrainInterfacesUseNothingOfOurs() =>
        Assert.DoesNotContain(s_interfaces.GetReferencedAssemblies(), a => a.Name is "Grains" or "Silo" or "sweep");

    [Fact]
    public void GrainsDoNotUseTheirHost() =>
        Assert.DoesNotContain(s_grains.GetReferencedAssemblies(), a => a.Name is "Silo" or "sweep");

    [Fact]
    public void TheClientIsBuiltWithoutGrains()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "Client", "Client.csproj"));
        var loaded = project.Descendants("ProjectReference")
            .Where(r => (string?)r.Attribute("ReferenceOutputAssembly") != "false")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));
        Assert.Equal(["Grains.Interfaces"], loaded);

        // The compiled references of every build that is here count, whatever the project says.
        string folder = Path.Combine(Repository.Root, "Client");
        foreach (string client in Directory.EnumerateFiles(folder, "sweep.dll", SearchOption.AllDirectories))
        {
            using var file = new PEReader(File.OpenRead(client));
            var metadata = file.GetMetadataReader();
            var references = metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name));
            Assert.DoesNotContain(references, name => name is "Grains" or "Silo" or "TorchSharp");
        }
    }

    /// <summary>A namespace is a folder. A folder and the one that it stands in count as two.</summary>
    [Theory]
    [InlineData("Grains.Interfaces")]
    [InlineData("Grains")]
    [InlineData("sweep")]
    public void NoTwoFoldersUseEachOther(string assembly)
    {
        var uses = TypesOf(Assembly.Load(assembly))
            .SelectMany(user => Uses.Of(user)
            .Where(used => used.Assembly == user.Assembly && Uses.IsOurs(used) && used.Namespace != user.Namespace)
                .Select(used => (From: user.Namespace!, To: used.Namespace!,
                    Sentence: $"{user.FullName} uses {used.FullName ?? used.Name}")))
            .ToList();
        Assert.NotEmpty(uses);
        var edges = uses.Select(u => (u.From, u.To)).ToHashSet();
        Holds(uses.Where(u => edges.Contains((u.To, u.From))).Select(u => u.Sentence).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryWireTypeHasAnAliasOfItsOwn()
    {
        var wire = TypesOf(s_interfaces)
            .Concat(TypesOf(s_grains)).Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)).ToList();

        Assert.NotEmpty(wire);
        Holds(wire.Where(t => !AliasesOf(t).Any()).Select(t => $"{t.FullName} crosses the wire without [Alias]."));
        Holds(wire.SelectMany(t => AliasesOf(t).Select(alias => (alias, t))).GroupBy(pair => pair.alias).Where(g => g.Count() > 1)
            .Select(g => $"\"{g.Key}\" is the alias of {string.Join(" and ", g.Select(pair => pair.t))}."));
    }

    [Fact]
    public void EveryGrainInterfaceAndMethodHasAnAlias()
    {
        var grains = TypesOf(s_interfaces).Where(t => t.IsInterface && typeof(IAddressable).IsAssignableFrom(t)).ToList();

        Assert.NotEmpty(grains);
        Holds(grains.Where(t => !AliasesOf(t).Any()).Select(t => $"{t} is without [Alias]."));
        Holds(grains.SelectMany(t => t.GetMethods()).Where(m => !AliasesOf(m).Any())
            .Select(m => $"{m.DeclaringType}.{m.Name} is without [Alias]."));
    }

    /// <summary>Shows that the rules above can fail: a type that only this method's body names is found.</summary>
    [Fact]
    public void AUseInsideABodyIsSeen()
    {
        var used = Uses.Of(typeof(Witness));
        Assert.Contains(typeof(System.Text.StringBuilder), used);
        Assert.Contains(typeof(InvalidTimeZoneException), used);
        Assert.Contains(typeof(Uri), used);
    }

    /// <summary>Names every breach, because xunit would cut a long collection short.</summary>
    private static void Holds(IEnumerable<string> breaches)
    {
        string all = string.Join(Environment.NewLine, breaches);
        Assert.True(all.Length == 0, all);
    }

    private static IEnumerable<(Type User, Type Used)> UsesOf(string ours) => TypesOf(s_grains)
        .Where(t => IsIn(t, ours))
        .SelectMany(user => Uses.Of(user).Select(used => (user, used)));

    /// <summary>Returns the types that a person wrote, without those nested in them, which count as their parts.</summary>
    private static IEnumerable<Type> TypesOf(Assembly assembly) =>
        assembly.GetTypes().Where(t => t.DeclaringType is null && Uses.IsOurs(t));

    /// <summary>Returns the type's own aliases only, because a case of a family would inherit its base's.</summary>
    private static IEnumerable<string> AliasesOf(MemberInfo member) =>
        member.GetCustomAttributes<AliasAttribute>(inherit: false).Select(a => a.Alias);

    private static bool IsForeign(Type used, string ours) => IsIn(used, "Grains") && !IsIn(used, ours) && !IsIn(used, Model);

    private static bool IsIn(Type type, string space) =>
        type.Namespace is { } ns && (ns == space || ns.StartsWith(space + ".", StringComparison.Ordinal));

    private static IEnumerable<string> Sentences(IEnumerable<(Type User, Type Used)> uses) =>
        uses.Select(u => $"{u.User.FullName} uses {u.Used.FullName ?? u.Used.Name}.").Distinct();

    private sealed class Witness
    {
        public static object Act()
        {
            try
            {
                Func<object> later = () => new System.Text.StringBuilder();
                return later();
            }
            catch (InvalidTimeZoneException)
            {
                return typeof(Uri);
            }
        }
    }
}
