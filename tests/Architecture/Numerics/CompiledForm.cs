using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Text;

namespace Tests.Architecture.Numerics;

/// <summary>
/// Writes down what a type was compiled to, such that only a change of its own code changes the text. Tokens are written as names. What
/// the compiler made (closures, local functions, iterators) is numbered as the code comes to it, because the compiler's own numbers follow
/// the order of other members. Members stand in ordinal order.
/// </summary>
internal sealed class CompiledForm
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    private readonly Type _type;
    private readonly StringBuilder _text = new();
    private readonly Dictionary<(Module, int), int> _made = [];
    private readonly Queue<MemberInfo> _unwritten = new();

    private CompiledForm(Type type) => _type = type;

    /// <summary>The text of a type that stands in no other, with all that stands in it.</summary>
    public static string Of(Type type)
    {
        var form = new CompiledForm(type);
        form.Write(type);
        while (form._unwritten.TryDequeue(out var made)) form.WriteMade(made);
        return form._text.ToString();
    }

    private void Write(Type type)
    {
        Line($"type {Name(type)} : {(type.BaseType is { } parent ? Name(parent) : "nothing")}");
        foreach (string contract in type.GetInterfaces().Select(Name).Order(StringComparer.Ordinal)) Line($"  implements {contract}");
        foreach (string field in type.GetFields(Declared).Where(f => !IsMade(f)).Select(Field).Order(StringComparer.Ordinal)) Line(field);
        foreach (var method in MethodsOf(type).Where(m => !IsMade(m)).OrderBy(m => Name(m), StringComparer.Ordinal))
        {
            Line($"method {Name(method)}");
            WriteBody(method);
        }
        foreach (var nested in type.GetNestedTypes(Declared).Where(t => !IsMade(t)).OrderBy(t => t.Name, StringComparer.Ordinal))
            Write(nested);
    }

    private void WriteMade(MemberInfo made)
    {
        Line($"made {Name(made)}");
        if (made is MethodBase method) WriteBody(method);
        // An iterator is reached through interfaces only, so that no instruction leads to its methods.
        if (made is Type type)
        {
            foreach (var reached in MethodsOf(type).Where(m => m.IsVirtual).OrderBy(m => m.Name, StringComparer.Ordinal)) Name(reached);
        }
    }

    private string Field(FieldInfo field) => $"field {Name(field)}" +
        (field.IsLiteral ? string.Create(CultureInfo.InvariantCulture, $" = {field.GetRawConstantValue():R}") : "");

    private void WriteBody(MethodBase method)
    {
        if (method.GetCustomAttribute<DllImportAttribute>() is { } import) Line($"  from {import.Value}, {import.EntryPoint}");
        if (method.GetMethodBody() is not { } body) return;
        foreach (var local in body.LocalVariables) Line($"  local {Name(local.LocalType)}{(local.IsPinned ? " pinned" : "")}");
        foreach (var clause in body.ExceptionHandlingClauses)
        {
            Line($"  {clause.Flags} {clause.TryOffset}+{clause.TryLength} {clause.HandlerOffset}+{clause.HandlerLength}" +
                (clause.Flags == ExceptionHandlingClauseOptions.Clause ? $" {Name(clause.CatchType!)}" : ""));
        }
        WriteInstructions(method, body.GetILAsByteArray() ?? []);
    }

    private void WriteInstructions(MethodBase method, byte[] il)
    {
        for (int at = 0; at < il.Length;)
        {
            var code = s_codes[il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at]];
            at += code.Size;
            int size = code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
            string operand = code.OperandType switch
            {
                OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType =>
                    Name(Resolve(method, BitConverter.ToInt32(il, at))),
                OperandType.InlineString => $"\"{method.Module.ResolveString(BitConverter.ToInt32(il, at))}\"",
                OperandType.InlineSig => throw new NotSupportedException($"{method}: calls through pointers are not written yet."),
                _ => Convert.ToHexString(il, at, size),
            };
            Line($"  {code.Name} {operand}");
            at += size;
        }
    }

    private static MemberInfo Resolve(MethodBase method, int token) => method.Module.ResolveMember(token,
        method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null)!;

    private string Name(MemberInfo member) => member switch
    {
        Type type => Name(type),
        FieldInfo field => $"{(IsMade(field) ? Number(field) : $"{Name(field.DeclaringType!)}.{field.Name}")} {Name(field.FieldType)}",
        MethodBase method => Name(method),
        _ => throw new NotSupportedException($"{member} is not written yet."),
    };

    private string Name(MethodBase method)
    {
        string name = IsMade(method) ? Number(method) : $"{Name(method.DeclaringType!)}.{method.Name}",
            arguments = method.IsGenericMethod ? $"<{Names(method.GetGenericArguments())}>" : "",
            result = method is MethodInfo { ReturnType: var type } ? $" {Name(type)}" : "";
        return $"{name}{arguments}({Names(method.GetParameters().Select(p => p.ParameterType))}){result}";
    }

    private string Names(IEnumerable<Type> types) => string.Join(", ", types.Select(Name));

    private string Name(Type type)
    {
        if (type.IsFunctionPointer) throw new NotSupportedException("Pointers to functions are not written yet.");
        if (type.IsGenericParameter) return $"!{(type.DeclaringMethod is null ? "" : "!")}{type.GenericParameterPosition}";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{type.GetArrayRank()}]";
        if (type.IsByRef) return $"{Name(type.GetElementType()!)}&";
        if (type.IsPointer) return $"{Name(type.GetElementType()!)}*";
        string name = IsMade(type) ? Number(type)
            // The number of an anonymous type counts those of the whole assembly.
            : type.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal)
                ? $"{{{string.Join(", ", type.GetProperties().Select(p => p.Name))}}}"
                : $"{(type.DeclaringType is { } outer ? $"{Plain(outer)}/" : $"{type.Namespace}.")}{type.Name}";
        return type.IsGenericType ? $"{name}<{Names(type.GetGenericArguments())}>" : name;
    }

    /// <summary>The name of a type around another, whose arguments the inner one repeats.</summary>
    private string Plain(Type type) =>
        IsMade(type) ? Number(type) : $"{(type.DeclaringType is { } outer ? $"{Plain(outer)}/" : $"{type.Namespace}.")}{type.Name}";

    private string Number(MemberInfo made)
    {
        var key = (made.Module, made.MetadataToken);
        if (!_made.TryGetValue(key, out int number))
        {
            _made.Add(key, number = _made.Count + 1);
            _unwritten.Enqueue(made is Type ? made.Module.ResolveType(made.MetadataToken)
                : made is MethodBase ? made.Module.ResolveMethod(made.MetadataToken)! : made.Module.ResolveField(made.MetadataToken)!);
        }
        return $"#{number}";
    }

    /// <summary>
    /// Whether the compiler made the member inside of this type and numbered it. The names that it gives to what stands behind a property,
    /// a parameter of the type or a record have no number.
    /// </summary>
    private bool IsMade(MemberInfo member)
    {
        for (Type? outer = member.DeclaringType; outer is not null; outer = outer.DeclaringType)
        {
            if (outer.Name.StartsWith('<') && outer != member && IsOurs(outer)) return true;
        }
        return member.Name.StartsWith('<') && IsOurs(member) && !member.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
            && !member.Name.EndsWith(">P", StringComparison.Ordinal) && !member.Name.EndsWith(">$", StringComparison.Ordinal);
    }

    private bool IsOurs(MemberInfo member)
    {
        var outer = member.DeclaringType;
        while (outer?.DeclaringType is { } further) outer = further;
        if (outer is { IsConstructedGenericType: true }) outer = outer.GetGenericTypeDefinition();
        return outer == _type;
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type) =>
        type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared));

    private void Line(string text) => _text.Append(text).Append('\n');
}
